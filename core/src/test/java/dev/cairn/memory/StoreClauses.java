// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.util.List;
import java.util.stream.Stream;

/** The two forms of the reference store, each with a second instance on its storage, by one clock. */
final class StoreClauses {
    /** Two instances on one storage. */
    record Pair(String form, StateStore store, StateStore other, MovableClock clock) {
        @Override
        public String toString() {
            return form;
        }
    }

    private StoreClauses() {}

    static Stream<Pair> stores() {
        return Stream.of(whole(), split());
    }

    static Pair whole() {
        MovableClock clock = MovableClock.create();
        InMemoryStateStore store = InMemoryStateStore.open(clock);
        return new Pair("whole", store, store.reopened(), clock);
    }

    private static Pair split() {
        MovableClock clock = MovableClock.create();
        SplitInMemoryStore store = SplitInMemoryStore.open(StoreOptions.defaults(), clock);
        return new Pair("split", store, store.reopened(SplitInMemoryStore.Gate.OPEN), clock);
    }

    /** The ids of runs, in order. */
    static List<String> ids(List<dev.cairn.spi.Head> runs) {
        return runs.stream().map(dev.cairn.spi.Head::runId).toList();
    }
}
