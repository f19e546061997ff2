// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Facts.Nature;

/** What a clause needs beyond two opened stores. */
enum Need {
    RAW("raw access to what is stored", "raw(…)"),
    CLOCK("a clock that can be moved, or raw access to the times in a head", "clock(…) or raw(…)"),
    CONNECTION(
            "a connection handed to the store inside a transaction", "insideTransaction(…), or takesNoConnections()"),
    REFERENCE("the reference store, cut into its requests", ""),
    WIRE("the wire", "opens(…)"),
    VERIFY("an open that creates nothing", "verifyOnly(…), or sendsNoDdl()"),
    LOCK("a lock held from outside", "locks(…)"),
    CHILD("a child process", "opensInChild(…)"),
    SERVER("a server to end", "server(…)"),
    STANDBY("a standby", "standby(…)"),
    SKEW("a client process with a wrong clock", "opensInChild(…)");

    private final String what;
    private final String hook;

    Need(String what, String hook) {
        this.what = what;
        this.hook = hook;
    }

    /** Whether a store of this nature can have it. */
    boolean fits(Nature nature) {
        return switch (nature) {
            case IN_MEMORY -> this == CLOCK;
            case EMBEDDED -> this != SERVER && this != STANDBY && this != SKEW && this != REFERENCE;
            case NETWORKED -> this != REFERENCE;
        };
    }

    /** What it is, in words. */
    String what() {
        return what;
    }

    /** The method of the harness that gives it; empty if none does. */
    String hook() {
        return hook;
    }
}
