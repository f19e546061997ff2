// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Writes down every request to a store, and lets writes to its step caches fail on demand. */
final class CountingStore<S extends StateStore & StepCacheStore> implements StateStore, StepCacheStore {
    private final S store;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Optional<Supplier<RuntimeException>> cacheFailure = Optional.empty();

    CountingStore(S store) {
        this.store = store;
    }

    /** The requests since the last call, by method, without heartbeats. */
    List<String> takeRequests() {
        List<String> taken = new ArrayList<>(requests);
        requests.clear();
        return taken;
    }

    void failCachePuts(Supplier<RuntimeException> failure) {
        cacheFailure = Optional.of(failure);
    }

    private S counted(String method) {
        requests.add(method);
        return store;
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
        return counted("append").append(entries);
    }

    @Override
    public Acquired acquire(Acquire request) {
        return counted("acquire").acquire(request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        return counted("claim").claim(request);
    }

    @Override
    public Settled settle(Settle request) {
        return counted("settle").settle(request);
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return store.renew(leases);
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return counted("signal").signal(runId, message);
    }

    @Override
    public Optional<Page> read(Read request) {
        return counted("read").read(request);
    }

    @Override
    public RunPage list(RunQuery query) {
        return counted("list").list(query);
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return counted("erase").erase(erases);
    }

    @Override
    public Optional<Bytes> cacheGet(CacheKey key) {
        return counted("cacheGet").cacheGet(key);
    }

    @Override
    public Bytes cachePut(CachePut put) {
        if (cacheFailure.isPresent()) {
            throw cacheFailure.get().get();
        }
        return counted("cachePut").cachePut(put);
    }

    @Override
    public void cacheDelete(CacheKey key) {
        counted("cacheDelete").cacheDelete(key);
    }

    @Override
    public void cacheClear(String scope) {
        counted("cacheClear").cacheClear(scope);
    }

    @Override
    public void close() {
        store.close();
    }
}
