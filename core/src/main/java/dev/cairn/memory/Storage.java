// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** What several stores share, as several processes share a database: one lock, one clock, and the runs by namespace. */
final class Storage {
    /** A namespace. */
    record Namespace(StoredRuns runs, StoredCaches caches) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Namespace> namespaces = new HashMap<>();
    private final InstantSource clock;

    Storage(InstantSource clock) {
        this.clock = clock;
    }

    /** Does something in one transaction. */
    <T> T atomically(String namespace, Function<Namespace, T> work) {
        lock.lock();
        try {
            return work.apply(
                    namespaces.computeIfAbsent(namespace, n -> new Namespace(new StoredRuns(), new StoredCaches())));
        } finally {
            lock.unlock();
        }
    }

    /** The store's clock, in whole milliseconds; read under the lock, so that no request sees time go back through another. */
    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
