// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** What an acknowledged write survives; each includes the ones before it. */
public enum Tier {
    /** The death of the client process. */
    CLIENT_CRASH,
    /** The death of the server process. */
    SERVER_CRASH,
    /** The loss of power. */
    POWER_LOSS,
    /** The loss of a server, by failover. */
    NODE_LOSS
}
