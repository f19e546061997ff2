// SPDX-License-Identifier: Apache-2.0

/**
 * The compatibility kit: a store whose tests contain a class that implements {@link dev.cairn.tck.StateStoreTck} is
 * tried against every clause of the contract.
 */
@NullMarked
package dev.cairn.tck;

import org.jspecify.annotations.NullMarked;
