// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** RT: round-trip fidelity. */
interface RtClauses extends KitClauses {}
