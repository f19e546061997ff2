// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

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

/** Writes down, in words and without payloads, what is asked of a store and what it answers. */
class LoggedStore implements StateStore {
    private final StateStore store;
    private final String name;
    private final Deeds deeds;

    private LoggedStore(StateStore store, String name, Deeds deeds) {
        this.store = store;
        this.name = name;
        this.deeds = deeds;
    }

    /** The store of a process, with its step cache if it keeps one. */
    static StateStore of(StateStore store, String name, Deeds deeds) {
        return store instanceof StepCacheStore cache
                ? new WithCache(store, cache, name, deeds)
                : new LoggedStore(store, name, deeds);
    }

    final <T> T logged(Supplier<String> what, Supplier<T> call) {
        try {
            T answer = call.get();
            deeds.add(name + " " + what.get() + ": " + Words.of(answer));
            return answer;
        } catch (RuntimeException | Error e) {
            deeds.add(name + " " + what.get() + ": threw " + e.getClass().getSimpleName());
            throw e;
        }
    }

    @Override
    public String namespace() {
        return store.namespace();
    }

    @Override
    public Facts facts() {
        return store.facts();
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        return logged(() -> "appended " + Words.of(entries), () -> store.append(entries));
    }

    @Override
    public Acquired acquire(Acquire request) {
        return logged(() -> "acquired " + Words.of(request), () -> store.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim request) {
        return logged(() -> "claimed up to " + request.limit() + " due runs", () -> store.claim(request));
    }

    @Override
    public Settled settle(Settle request) {
        return logged(() -> "settled " + Words.of(request), () -> store.settle(request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return logged(() -> "renewed " + Words.of(leases), () -> store.renew(leases));
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return logged(
                () -> "signalled " + Words.quoted(runId) + " with " + Words.quoted(message.id()),
                () -> store.signal(runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return logged(() -> "read " + Words.quoted(request.runId()), () -> store.read(request));
    }

    @Override
    public RunPage list(RunQuery query) {
        return logged(() -> "listed up to " + query.limit() + " runs", () -> store.list(query));
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return logged(() -> "erased " + Words.of(erases), () -> store.erase(erases));
    }

    @Override
    public void close() {
        store.close();
    }

    /** With a step cache. */
    private static final class WithCache extends LoggedStore implements StepCacheStore {
        private final StepCacheStore cache;

        private WithCache(StateStore store, StepCacheStore cache, String name, Deeds deeds) {
            super(store, name, deeds);
            this.cache = cache;
        }

        @Override
        public Optional<Bytes> cacheGet(CacheKey key) {
            return logged(() -> "looked into the cache for " + Words.quoted(key.key()), () -> cache.cacheGet(key));
        }

        @Override
        public Bytes cachePut(CachePut put) {
            return logged(
                    () -> "cached " + Words.quoted(put.key().key()) + " (" + put.existing() + ")",
                    () -> cache.cachePut(put));
        }

        @Override
        public void cacheDelete(CacheKey key) {
            logged(() -> "removed " + Words.quoted(key.key()) + " from the cache", () -> {
                cache.cacheDelete(key);
                return "done";
            });
        }

        @Override
        public void cacheClear(String scope) {
            logged(() -> "cleared cache scope " + Words.quoted(scope), () -> {
                cache.cacheClear(scope);
                return "done";
            });
        }
    }
}
