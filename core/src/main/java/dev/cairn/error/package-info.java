// SPDX-License-Identifier: Apache-2.0

/**
 * What a store or a stored record can refuse with: one unchecked root, and a class for each thing a caller can do about it.
 */
@NullMarked
package dev.cairn.error;

import org.jspecify.annotations.NullMarked;
