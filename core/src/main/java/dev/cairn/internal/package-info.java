// SPDX-License-Identifier: Apache-2.0

/**
 * Public because packages share it, and no API: it may change in any release.
 */
@NullMarked
package dev.cairn.internal;

import org.jspecify.annotations.NullMarked;
