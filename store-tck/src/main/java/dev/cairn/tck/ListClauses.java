// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** LIST: listing, paging, filtering. */
interface ListClauses extends KitClauses {}
