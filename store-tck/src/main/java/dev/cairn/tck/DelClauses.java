// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** DEL: deletion. */
interface DelClauses extends KitClauses {}
