// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** BATCH: many commits in one request. */
interface BatchClauses extends KitClauses {}
