// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CANCEL: ending a run from outside. */
interface CancelClauses extends KitClauses {}
