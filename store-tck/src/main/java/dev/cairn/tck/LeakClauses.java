// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** LEAK: resources. */
interface LeakClauses extends KitClauses {}
