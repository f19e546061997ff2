// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** SIG: signals, suspensions, timers. */
interface SigClauses extends KitClauses {}
