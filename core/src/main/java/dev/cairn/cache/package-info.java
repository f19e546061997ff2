// SPDX-License-Identifier: Apache-2.0

/**
 * Step outcomes shared across runs, in memory or in a store.
 */
@NullMarked
package dev.cairn.cache;

import org.jspecify.annotations.NullMarked;
