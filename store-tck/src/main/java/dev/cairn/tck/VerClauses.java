// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** VER: optimistic concurrency. */
interface VerClauses extends KitClauses {}
