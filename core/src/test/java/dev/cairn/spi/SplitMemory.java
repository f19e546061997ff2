// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** What several split stores share, as several processes share a database: each request is atomic, no two are. */
final class SplitMemory {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, SplitWorld> runs = new HashMap<>();
    private final InstantSource clock;

    SplitMemory(InstantSource clock) {
        this.clock = clock;
    }

    Object send(SplitRequest request) {
        lock.lock();
        try {
            SplitWorld world = runs.getOrDefault(request.runId(), SplitWorld.empty(now()));
            SplitRequest.Outcome outcome = request.on(world.at(now()));
            runs.put(request.runId(), outcome.world());
            return outcome.answer();
        } finally {
            lock.unlock();
        }
    }

    /** All heads, in one request. */
    List<Head> heads() {
        lock.lock();
        try {
            return runs.values().stream()
                    .map(world -> world.head().orElse(null))
                    .filter(Objects::nonNull)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many places of a run are taken, those of its other incarnations and the stripped ones among them. */
    long places(String runId) {
        lock.lock();
        try {
            return runs.getOrDefault(runId, SplitWorld.empty(now())).journals().values().stream()
                    .mapToLong(Map::size)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
