// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CLOCK: a store's clock that is set. */
interface ClockClauses extends KitClauses {}
