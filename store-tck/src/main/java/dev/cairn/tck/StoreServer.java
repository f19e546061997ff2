// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** The server behind a store. */
public interface StoreServer {
    /** Ends it as a crash does, with all its processes; returns when they are gone. */
    void kill();

    /** Starts it on the same storage; returns when it answers. */
    void start();
}
