// SPDX-License-Identifier: Apache-2.0

/**
 * For people who write stores: the interface, its values, the entry, its codec and the fold.
 */
@NullMarked
package dev.cairn.spi;

import org.jspecify.annotations.NullMarked;
