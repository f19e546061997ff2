// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Ability;
import dev.cairn.spi.StateStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The reference store, as the kit opens it. */
final class MemoryHarness {
    private MemoryHarness() {}

    static StoreHarness create() {
        return wrapping("memory", store -> store);
    }

    /** With something between the kit and each store that is opened. */
    static StoreHarness wrapping(String name, UnaryOperator<StateStore> wrapper) {
        MovableClock clock = MovableClock.create();
        Map<String, InMemoryStateStore> storages = new ConcurrentHashMap<>();
        return StoreHarness.named(name)
                .opens(env -> wrapper.apply(storages.computeIfAbsent(
                                env.storage(), storage -> InMemoryStateStore.open(env.options(), clock))
                        .reopened(env.options())))
                .clock(clock::advance)
                .splits(SplitHarness::storage)
                .declares(Ability.STEP_CACHE);
    }
}
