// SPDX-License-Identifier: Apache-2.0

/**
 * The reference store, which keeps runs in the memory of this process, and what tests of workflows need beside it: a clock
 * that can be moved, and crashes at chosen points.
 */
@NullMarked
package dev.cairn.memory;

import org.jspecify.annotations.NullMarked;
