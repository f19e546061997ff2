// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.internal.RecordJson;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.Optional;

/** Entries in one scope of a store, for every process that opens it. */
final class StoredEntries implements Entries {
    private final StepCacheStore store;
    private final String scope;
    private final int maxEntries;

    StoredEntries(StepCacheStore store, String scope, int maxEntries) {
        this.store = store;
        this.scope = scope;
        this.maxEntries = maxEntries;
    }

    @Override
    public Optional<StepOutcome> get(String key) {
        return store.cacheGet(new CacheKey(scope, key)).map(json -> read(key, json));
    }

    @Override
    public StepOutcome put(String key, StepOutcome outcome, Duration timeToLive, Existing existing) {
        Bytes json = RecordJson.outcome(outcome);
        Bytes stands = store.cachePut(new CachePut(new CacheKey(scope, key), json, timeToLive, existing, maxEntries));
        return stands.equals(json) ? outcome : read(key, stands);
    }

    @Override
    public void delete(String key) {
        store.cacheDelete(new CacheKey(scope, key));
    }

    @Override
    public void clear() {
        store.cacheClear(scope);
    }

    private StepOutcome read(String key, Bytes json) {
        return RecordJson.readOutcome("entry " + key + " of step cache " + scope, json);
    }
}
