// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;

/** Whether the harness does what the clauses rest on: they would prove nothing otherwise. */
final class Controls {
    private static final Read RUN = new Read("meta", new Cursor.Start(), 1024);

    private Controls() {}

    /** Two opens share storage (META-01), and two namespaces share nothing (META-02). */
    static void check(Storages storages, String storage) {
        StoreOptions one =
                StoreOptions.builder().namespace(Storages.freshName()).build();
        StoreOptions two =
                StoreOptions.builder().namespace(Storages.freshName()).build();
        try (StateStore first = storages.open(storage, one);
                StateStore second = storages.open(storage, one);
                StateStore elsewhere = storages.open(storage, two)) {
            require(
                    first.namespace().equals(one.namespace()),
                    "[META-02] the harness opens namespace \"" + first.namespace()
                            + "\" and not the one it was given; use env.options()");
            boolean granted =
                    first.acquire(Requests.acquire("meta", new Acquire.Create(Requests.newRun()))) instanceof Granted;
            require(granted, "[META-01] a store does not create a run in an empty namespace");
            require(
                    second.read(RUN).isPresent(),
                    "[META-01] what one opened store writes another does not see: both opens of the harness have to"
                            + " open the same storage");
            require(
                    elsewhere.read(RUN).isEmpty(),
                    "[META-02] what one namespace holds another sees: open the store with env.options()");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
