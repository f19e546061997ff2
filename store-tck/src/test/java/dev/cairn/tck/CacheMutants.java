// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;

/** Mutants of CACHE. */
final class CacheMutants {
    private CacheMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store(
                        "CACHE-01", "scopes and keys are told apart without their case", store -> new Wrong(store) {
                            private CacheKey folded(CacheKey key) {
                                return new CacheKey(key.scope(), key.key().toLowerCase(java.util.Locale.ROOT));
                            }

                            @Override
                            public Optional<Bytes> cacheGet(CacheKey key) {
                                return super.cacheGet(folded(key));
                            }

                            @Override
                            public Bytes cachePut(CachePut put) {
                                return super.cachePut(new CachePut(
                                        folded(put.key()), put.outcome(), put.ttl(), put.existing(), put.maxEntries()));
                            }
                        }),
                Mutant.sqlite(
                        "CACHE-01",
                        "deletes: the namespace in a look",
                        "SqliteCache.java",
                        "namespace = :namespace AND scope = :scope AND step_key = :key AND (expires",
                        ":namespace IS NOT NULL AND scope = :scope AND step_key = :key AND (expires"),
                Mutant.sqlite(
                        "CACHE-02", "a writer is told what it wrote, not what stands", "SqliteCache.java", """
                        return standing.get();""", """
                        return put.outcome();"""),
                Mutant.core(
                        "CACHE-02",
                        "deletes: keep what is there",
                        "memory/StoredCaches.java",
                        "first.isPresent() && put.existing() == Existing.KEEP",
                        "first.isPresent() && put.existing() == null"),
                Mutant.core(
                        "CACHE-03",
                        "an outcome is returned at its time to live",
                        "memory/StoredCaches.java",
                        "now.toEpochMilli() >= expires",
                        "now.toEpochMilli() > expires"),
                Mutant.core(
                        "CACHE-03",
                        "an outcome is missing a millisecond early",
                        "memory/StoredCaches.java",
                        "now.toEpochMilli() >= expires",
                        "now.toEpochMilli() + 1 >= expires"),
                Mutant.sqlite(
                        "CACHE-03",
                        "deletes: the time to live in a look",
                        "SqliteCache.java",
                        "(expires IS NULL OR expires > :now)",
                        "(expires IS NULL OR :now > 0)"),
                Mutant.core(
                        "CACHE-04",
                        "the longest time to live overflows into the past",
                        "memory/StoredCaches.java",
                        "ttl > Long.MAX_VALUE - now.toEpochMilli() ? Long.MAX_VALUE : now.toEpochMilli() + ttl",
                        "now.toEpochMilli() + ttl"),
                Mutant.sqlite(
                        "CACHE-04",
                        "every entry has the same time to live",
                        "SqliteCache.java",
                        "now.toEpochMilli() + Math.min(put.ttl().toMillis(), room)",
                        "now.toEpochMilli() + Math.min(3_600_000, room)"),
                Mutant.sqlite(
                        "CACHE-05",
                        "deletes: the key in a delete",
                        "SqliteCache.java",
                        "\"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope AND step_key = :key\"",
                        "\"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope AND :key IS NOT NULL\""),
                Mutant.sqlite(
                        "CACHE-05",
                        "a clear takes the scope for a pattern",
                        "SqliteCache.java",
                        "CLEAR = \"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope\"",
                        "CLEAR = \"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope LIKE :scope || '%'\""),
                Mutant.core(
                        "CACHE-06",
                        "holds one more than its limit",
                        "memory/StoredCaches.java",
                        "scope.size() > put.maxEntries()",
                        "scope.size() > put.maxEntries() + 1"),
                Mutant.core(
                        "CACHE-06",
                        "makes room before it overwrites",
                        "memory/StoredCaches.java",
                        "scope.remove(put.key().key());",
                        "if (scope.size() >= put.maxEntries()) scope.remove(scope.keySet().iterator().next());"
                                + " scope.remove(put.key().key());"),
                Mutant.sqlite(
                        "CACHE-06",
                        "the most recently written goes first",
                        "SqliteCache.java",
                        "written DESC LIMIT -1",
                        "written LIMIT -1"));
    }
}
