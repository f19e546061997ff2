// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.MovableClock;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.SplitInMemoryStore.Gate.When;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The reference store in split form, as the kit opens it. */
final class SplitHarness {
    private SplitHarness() {}

    static StoreHarness create() {
        MovableClock clock = MovableClock.create();
        Map<String, SplitInMemoryStore> storages = new ConcurrentHashMap<>();
        return StoreHarness.named("memory-split")
                .opens(env -> storages.computeIfAbsent(
                                env.storage() + "/" + env.namespace(),
                                storage -> SplitInMemoryStore.open(env.options(), clock))
                        .reopened(env.options(), SplitInMemoryStore.Gate.OPEN))
                .clock(clock::advance);
    }

    /** A split storage with a clock of its own. */
    static Splitting.Storage storage(StoreOptions options) {
        MovableClock clock = MovableClock.create();
        SplitInMemoryStore first = SplitInMemoryStore.open(options, clock);
        return new Splitting.Storage() {
            @Override
            public StateStore open(Splitting.Gate gate) {
                return first.reopened((request, when) -> {
                    if (when == When.BEFORE) {
                        gate.before(request);
                    } else {
                        gate.after(request);
                    }
                });
            }

            @Override
            public void pass(Duration time) {
                clock.advance(time);
            }
        };
    }
}
