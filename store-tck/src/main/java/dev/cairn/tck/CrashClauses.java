// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CRASH: ambiguity. */
interface CrashClauses extends KitClauses {}
