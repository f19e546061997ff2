// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** KEY: keys. */
interface KeyClauses extends KitClauses {}
