// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CACHE: step outcomes shared across runs. */
interface CacheClauses extends KitClauses {}
