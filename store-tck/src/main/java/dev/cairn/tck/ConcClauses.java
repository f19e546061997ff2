// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CONC: concurrency. */
interface ConcClauses extends KitClauses {}
