// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** SNAP: restore, the whole state at once. */
interface SnapClauses extends KitClauses {}
