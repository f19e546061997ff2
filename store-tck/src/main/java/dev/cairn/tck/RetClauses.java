// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** RET: retention by purge. */
interface RetClauses extends KitClauses {}
