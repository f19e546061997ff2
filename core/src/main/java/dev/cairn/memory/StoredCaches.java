// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The step caches of a namespace, by scope. Used under the storage's lock. */
final class StoredCaches {
    private record Cached(Bytes outcome, long expires) {
        boolean isExpired(Instant now) {
            return now.toEpochMilli() >= expires;
        }
    }

    /** In order of writing, so that the least recently written stands first. */
    private final Map<String, LinkedHashMap<String, Cached>> scopes = new HashMap<>();

    Optional<Bytes> get(CacheKey key, Instant now) {
        return Optional.ofNullable(scope(key.scope()).get(key.key()))
                .filter(cached -> !cached.isExpired(now))
                .map(Cached::outcome);
    }

    Bytes put(CachePut put, Instant now) {
        Optional<Bytes> first = get(put.key(), now);
        if (first.isPresent() && put.existing() == Existing.KEEP) {
            return first.get();
        }
        LinkedHashMap<String, Cached> scope = scopes.computeIfAbsent(put.key().scope(), s -> new LinkedHashMap<>());
        scope.remove(put.key().key());
        scope.values().removeIf(cached -> cached.isExpired(now));
        scope.put(put.key().key(), new Cached(put.outcome(), expiry(put, now)));
        Iterator<Cached> oldest = scope.values().iterator();
        while (scope.size() > put.maxEntries()) {
            oldest.next();
            oldest.remove();
        }
        return put.outcome();
    }

    /** Forever is the largest number there is, and must not overflow into the past. */
    private static long expiry(CachePut put, Instant now) {
        long ttl = put.ttl().compareTo(CachePut.FOREVER) >= 0
                ? Long.MAX_VALUE
                : put.ttl().toMillis();
        return ttl > Long.MAX_VALUE - now.toEpochMilli() ? Long.MAX_VALUE : now.toEpochMilli() + ttl;
    }

    void delete(CacheKey key) {
        LinkedHashMap<String, Cached> scope = scopes.get(key.scope());
        if (scope != null && scope.remove(key.key()) != null && scope.isEmpty()) {
            scopes.remove(key.scope());
        }
    }

    void clear(String scope) {
        scopes.remove(scope);
    }

    private Map<String, Cached> scope(String name) {
        LinkedHashMap<String, Cached> scope = scopes.get(name);
        return scope == null ? Map.of() : scope;
    }
}
