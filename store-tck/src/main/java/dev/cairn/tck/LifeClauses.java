// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** LIFE: opening and closing. */
interface LifeClauses extends KitClauses {}
