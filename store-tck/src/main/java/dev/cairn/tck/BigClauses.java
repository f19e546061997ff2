// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** BIG: size. */
interface BigClauses extends KitClauses {}
