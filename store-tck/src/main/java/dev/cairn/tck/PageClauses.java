// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** PAGE: reading a run in pages. */
interface PageClauses extends KitClauses {}
