// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** MOVE: state is portable. */
interface MoveClauses extends KitClauses {}
