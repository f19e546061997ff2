// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** LEASE: leases and fencing. */
interface LeaseClauses extends KitClauses {}
