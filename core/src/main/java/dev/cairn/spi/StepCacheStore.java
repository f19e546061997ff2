// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import java.time.Duration;
import java.util.Optional;

/**
 * Step outcomes shared across runs, by scope and key: the ability {@link Ability#STEP_CACHE}. Times to live are by the
 * store's clock. Throws what {@link StateStore} throws.
 */
public interface StepCacheStore {
    /** The outcome of a key, unless it is at or past its time to live. Writes nothing. */
    Optional<Bytes> cacheGet(CacheKey key);

    /**
     * Writes an outcome, or leaves what is there.
     *
     * @return what stands under the key now: the one given, or the one that was there first
     */
    Bytes cachePut(CachePut put);

    /** Removes a key; safe to repeat. */
    void cacheDelete(CacheKey key);

    /** Removes all keys of a scope; safe to repeat. */
    void cacheClear(String scope);

    /** A key in a scope; each at most 255 UTF-8 bytes. */
    record CacheKey(String scope, String key) {
        /** Checks both. */
        public CacheKey {
            dev.cairn.state.Names.check("cache scope", scope);
            dev.cairn.state.Names.check("cache key", key);
        }
    }

    /**
     * An outcome to write.
     *
     * @param ttl whole milliseconds, at least 1; {@link #FOREVER} for none
     * @param existing what to do where the key has an outcome that is not past its time to live
     * @param maxEntries of the scope; over it, the least recently written goes first. Overwriting a key evicts nothing
     */
    record CachePut(CacheKey key, Bytes outcome, Duration ttl, Existing existing, int maxEntries) {
        /** A time to live without end. */
        public static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

        /** Checks the ttl and the size. */
        public CachePut {
            if (ttl.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("a time to live is at least 1 ms, was " + ttl);
            }
            if (maxEntries < 1) {
                throw new IllegalArgumentException("a cache holds at least 1 entry, was " + maxEntries);
            }
        }
    }

    /** What to do with an outcome that is there. */
    enum Existing {
        /** Replace it. */
        REPLACE,
        /** Keep it. */
        KEEP
    }
}
