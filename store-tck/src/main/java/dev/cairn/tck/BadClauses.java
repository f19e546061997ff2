// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** BAD: bad input, errors. */
interface BadClauses extends KitClauses {}
