// SPDX-License-Identifier: Apache-2.0

/**
 * Workflows that resume: each finished step is recorded durably, and after a crash the same code runs again and every
 * recorded step returns its recorded outcome. Begin with {@link dev.cairn.Cairn} and {@link dev.cairn.Workflow}.
 */
@NullMarked
package dev.cairn;

import org.jspecify.annotations.NullMarked;
