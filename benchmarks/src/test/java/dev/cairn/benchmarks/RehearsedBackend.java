// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Entry;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store in memory with a raw driver that keeps rows in a map; it may be told to fail. */
final class RehearsedBackend implements Backend {
    /** Each storage that was created and not closed. */
    final List<Storage> open = new ArrayList<>();

    private final int failingInsert;

    private RehearsedBackend(int failingInsert) {
        this.failingInsert = failingInsert;
    }

    static RehearsedBackend sound() {
        return new RehearsedBackend(Integer.MAX_VALUE);
    }

    static RehearsedBackend failingAtInsert(int number) {
        return new RehearsedBackend(number);
    }

    @Override
    public Storage create() {
        Storage storage = new RehearsedStorage();
        open.add(storage);
        return storage;
    }

    @Override
    public Storage createCounted() {
        return create();
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}

    private final class RehearsedStorage implements Storage {
        private final InMemoryStateStore store = InMemoryStateStore.open();
        private final AtomicInteger inserts = new AtomicInteger();
        private final Map<String, byte[]> rows = new HashMap<>();

        @Override
        public StateStore open() {
            return store.reopened();
        }

        @Override
        public Optional<RawDriver> raw() {
            return Optional.of(new RawDriver() {
                @Override
                public int writers(int asked) {
                    return 1;
                }

                @Override
                public Session open() {
                    return new RehearsedSession();
                }
            });
        }

        @Override
        public Optional<Contestant.Resuming> dbos() {
            return Optional.empty();
        }

        /** Three requests and what the inserts cost: two each. */
        @Override
        public Counts counted() {
            return new Counts(Map.of(Count.REQUESTS, 3.0 + 2 * inserts.get()));
        }

        @Override
        public void close() {
            open.remove(this);
        }

        private final class RehearsedSession implements RawDriver.Session {
            @Override
            public void insert(RawDriver.Run run, int place, byte[] body) {
                if (inserts.incrementAndGet() == failingInsert) {
                    throw new IllegalStateException("the disk of the rehearsal is full");
                }
                rows.put(run.id() + "/" + place, body);
            }

            @Override
            public void insertWhole(RawDriver.Run run, Entry entry) {
                rows.put(run.id() + "/" + entry.place(), entry.body().toArray());
            }

            @Override
            public void selectWhole(RawDriver.Run run, RawDriver.Row row) throws Exception {
                for (int place = 0; rows.containsKey(run.id() + "/" + place); place++) {
                    row.body(rows.get(run.id() + "/" + place));
                }
            }

            @Override
            public void close() {}
        }
    }
}
