// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** SEC: injection, isolation. */
interface SecClauses extends KitClauses {}
