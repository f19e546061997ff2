// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CLAIM: recovery by another worker. */
interface ClaimClauses extends KitClauses {}
