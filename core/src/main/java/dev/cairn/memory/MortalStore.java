// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A process's view of a store, until the process dies at a chosen commit. */
class MortalStore implements StateStore {
    private final StateStore store;
    private final CrashAt crash;
    private volatile boolean dead;

    MortalStore(StateStore store, CrashAt crash) {
        this.store = store;
        this.crash = crash;
    }

    private <T> T commit(List<Entry> entries, Supplier<T> send) {
        requireAlive();
        boolean here = entries.stream().anyMatch(crash::isAt);
        if (here && crash.side() == CrashAt.Side.BEFORE) {
            throw death();
        }
        T answer = send.get();
        if (here) {
            throw death();
        }
        return answer;
    }

    private SimulatedCrash death() {
        dead = true;
        return new SimulatedCrash("the process died here, " + crash + ", as the test asked for");
    }

    final void requireAlive() {
        if (dead) {
            throw new SimulatedCrash("the process died before, " + crash + "; what it sends arrives nowhere");
        }
    }

    private StateStore alive() {
        requireAlive();
        return store;
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        return commit(entries, () -> store.append(entries));
    }

    @Override
    public Settled settle(Settle request) {
        return commit(request.entry().stream().toList(), () -> store.settle(request));
    }

    @Override
    public String namespace() {
        return store.namespace();
    }

    @Override
    public Facts facts() {
        return alive().facts();
    }

    @Override
    public Acquired acquire(Acquire request) {
        return alive().acquire(request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        return alive().claim(request);
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return alive().renew(leases);
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return alive().signal(runId, message);
    }

    @Override
    public Optional<Page> read(Read request) {
        return alive().read(request);
    }

    @Override
    public RunPage list(RunQuery query) {
        return alive().list(query);
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return alive().erase(erases);
    }

    @Override
    public void close() {
        if (!dead) {
            store.close();
        }
    }

    /** The same in front of a store that keeps a step cache: whoever looks for the ability finds what is there. */
    static final class WithStepCache extends MortalStore implements StepCacheStore {
        private final StepCacheStore cache;

        WithStepCache(StateStore store, StepCacheStore cache, CrashAt crash) {
            super(store, crash);
            this.cache = cache;
        }

        private StepCacheStore living() {
            requireAlive();
            return cache;
        }

        @Override
        public Optional<Bytes> cacheGet(CacheKey key) {
            return living().cacheGet(key);
        }

        @Override
        public Bytes cachePut(CachePut put) {
            return living().cachePut(put);
        }

        @Override
        public void cacheDelete(CacheKey key) {
            living().cacheDelete(key);
        }

        @Override
        public void cacheClear(String scope) {
            living().cacheClear(scope);
        }
    }
}
