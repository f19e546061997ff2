// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Mutants of LIFE. */
final class LifeMutants {
    private LifeMutants() {}

    static List<Mutant> all() {
        Set<String> closed = ConcurrentHashMap.newKeySet();
        return List.of(
                Mutant.core(
                        "LIFE-01",
                        "a second close is refused",
                        "memory/InMemoryStateStore.java",
                        "        closed = true;",
                        "        if (closed) throw new StoreClosedException(\"closed before\"); closed = true;"),
                Mutant.sqlite(
                        "LIFE-01",
                        "deletes: whether it is closed already",
                        "SqliteConnections.java",
                        "if (!closed.compareAndSet(false, true)) {",
                        "closed.set(true); if (turn == null) {"),
                Mutant.core(
                        "LIFE-02", "deletes: closed", "memory/InMemoryStateStore.java", "        closed = true;", ""),
                Mutant.sqlite(
                        "LIFE-02",
                        "reads on after it was closed",
                        "SqliteConnections.java",
                        "if (closed.get()) {",
                        "if (closed.get() && Thread.holdsLock(this)) {"),
                Mutant.store(
                        "LIFE-03",
                        "a call that meets the close fails with an error of its own",
                        store -> new Wrong(store) {
                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                try {
                                    return super.append(entries);
                                } catch (StoreClosedException e) {
                                    throw new IllegalArgumentException(e);
                                }
                            }
                        }),
                Mutant.store(
                        "LIFE-03", "acknowledges what it does not write while it closes", store -> new Wrong(store) {
                            private volatile boolean closing;

                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                return closing && entries.get(0).place() % 8 != 0
                                        ? List.of(new Appended.Written())
                                        : super.append(entries);
                            }

                            @Override
                            public void close() {
                                closing = true;
                                super.close();
                            }
                        }),
                Mutant.store("LIFE-04", "closes what the others use too", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        if (closed.contains(namespace())) {
                            throw new StoreClosedException("the shared client is closed");
                        }
                        return super.read(request);
                    }

                    @Override
                    public void close() {
                        closed.add(namespace());
                        super.close();
                    }
                }));
    }
}
