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

/** A store in front of a right one; a mutant overrides the one method that it gets wrong. */
class Wrong implements StateStore, StepCacheStore {
    final StateStore right;

    Wrong(StateStore right) {
        this.right = right;
    }

    /** Between two requests that have to be one. */
    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StepCacheStore cache() {
        return (StepCacheStore) right;
    }

    @Override
    public String namespace() {
        return right.namespace();
    }

    @Override
    public Facts facts() {
        return right.facts();
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        return right.append(entries);
    }

    @Override
    public Acquired acquire(Acquire request) {
        return right.acquire(request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        return right.claim(request);
    }

    @Override
    public Settled settle(Settle request) {
        return right.settle(request);
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return right.renew(leases);
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return right.signal(runId, message);
    }

    @Override
    public Optional<Page> read(Read request) {
        return right.read(request);
    }

    @Override
    public RunPage list(RunQuery query) {
        return right.list(query);
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return right.erase(erases);
    }

    @Override
    public void close() {
        right.close();
    }

    @Override
    public Optional<Bytes> cacheGet(CacheKey key) {
        return cache().cacheGet(key);
    }

    @Override
    public Bytes cachePut(CachePut put) {
        return cache().cachePut(put);
    }

    @Override
    public void cacheDelete(CacheKey key) {
        cache().cacheDelete(key);
    }

    @Override
    public void cacheClear(String scope) {
        cache().cacheClear(scope);
    }
}
