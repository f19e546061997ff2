// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** What to do when a server is less durable than the store asks for. */
public enum OnWeak {
    /** Open, log it, and say it in the facts. */
    WARN,
    /** Refuse to open. */
    REFUSE
}
