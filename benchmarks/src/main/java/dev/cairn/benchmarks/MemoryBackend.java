// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.StateStore;
import java.util.Map;
import java.util.Optional;

/** The store in memory: what is left is the engine. */
final class MemoryBackend implements Backend {
    static final String NAME = "memory";

    @Override
    public Storage create() {
        InMemoryStateStore first = InMemoryStateStore.open();
        return new Storage() {
            @Override
            public StateStore open() {
                return first.reopened();
            }

            @Override
            public Optional<RawDriver> raw() {
                return Optional.empty();
            }

            @Override
            public Optional<Contestant.Resuming> dbos() {
                return Optional.empty();
            }

            @Override
            public Counts counted() {
                return new Counts(Map.of());
            }

            @Override
            public void close() {
                first.close();
            }
        };
    }

    @Override
    public Storage createCounted() {
        return create();
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
}
