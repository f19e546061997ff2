// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CAP: honesty. */
interface CapClauses extends KitClauses {}
