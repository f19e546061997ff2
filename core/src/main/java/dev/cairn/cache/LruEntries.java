// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Names;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** Entries in the memory of this process, under one lock. Over the limit, the least recently used goes first. */
final class LruEntries implements Entries {
    private static final Instant NEVER = Instant.MAX;

    private record Kept(String key, StepOutcome outcome, Instant end) {
        private boolean isExpired(Instant now) {
            return !now.isBefore(end) && !end.equals(NEVER);
        }
    }

    private final int maxEntries;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Kept> byUse = new LinkedHashMap<>(16, 0.75f, true);

    // What has expired must make room before anything that has not (CACHE-03), and without a walk through all of them.
    private final TreeSet<Kept> byEnd =
            new TreeSet<>(Comparator.comparing(Kept::end).thenComparing(Kept::key));

    LruEntries(int maxEntries, InstantSource clock) {
        this.maxEntries = maxEntries;
        this.clock = clock;
    }

    @Override
    public Optional<StepOutcome> get(String key) {
        check(key);
        lock.lock();
        try {
            Kept kept = byUse.get(key);
            if (kept == null) {
                return Optional.empty();
            }
            if (kept.isExpired(clock.instant())) {
                remove(kept);
                return Optional.empty();
            }
            return Optional.of(kept.outcome());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StepOutcome put(String key, StepOutcome outcome, Duration timeToLive, Existing existing) {
        check(key);
        lock.lock();
        try {
            Instant now = clock.instant();
            removeExpired(now);
            Kept there = byUse.get(key);
            if (there != null && existing == Existing.KEEP) {
                return there.outcome();
            }
            if (there != null) {
                remove(there);
            } else if (byUse.size() >= maxEntries) {
                remove(byUse.values().iterator().next());
            }
            add(new Kept(key, outcome, end(now, timeToLive)));
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(String key) {
        check(key);
        lock.lock();
        try {
            Kept kept = byUse.get(key);
            if (kept != null) {
                remove(kept);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            byUse.clear();
            byEnd.clear();
        } finally {
            lock.unlock();
        }
    }

    /** How many entries are held, expired ones that nobody has met yet among them. */
    int size() {
        lock.lock();
        try {
            return byUse.size();
        } finally {
            lock.unlock();
        }
    }

    private void add(Kept kept) {
        byUse.put(kept.key(), kept);
        if (!kept.end().equals(NEVER)) {
            byEnd.add(kept);
        }
    }

    private void remove(Kept kept) {
        byUse.remove(kept.key());
        byEnd.remove(kept);
    }

    private void removeExpired(Instant now) {
        while (!byEnd.isEmpty() && byEnd.first().isExpired(now)) {
            remove(byEnd.first());
        }
    }

    private static Instant end(Instant now, Duration timeToLive) {
        boolean never = timeToLive.compareTo(CachePut.FOREVER) >= 0
                || timeToLive.compareTo(Duration.between(now, NEVER)) >= 0; // further than an Instant reaches
        return never ? NEVER : now.plus(timeToLive);
    }

    private static void check(String key) {
        Names.check("cache key", key);
    }
}
