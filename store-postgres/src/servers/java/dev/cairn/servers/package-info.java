// SPDX-License-Identifier: Apache-2.0

/**
 * Real servers for tests and benchmarks: which one, how it is started, killed and ended.
 */
@NullMarked
package dev.cairn.servers;

import org.jspecify.annotations.NullMarked;
