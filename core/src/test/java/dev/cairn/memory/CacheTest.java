// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CacheTest {
    private final MovableClock clock = MovableClock.create();
    private final InMemoryStateStore store = InMemoryStateStore.open(clock);

    private Bytes put(String scope, String key, String value, Duration ttl, Existing existing) {
        return store.cachePut(new CachePut(new CacheKey(scope, key), Bytes.utf8(value), ttl, existing, 3));
    }

    private Bytes put(String key, String value) {
        return put("s", key, value, CachePut.FOREVER, Existing.REPLACE);
    }

    private String get(String scope, String key) {
        return store.reopened()
                .cacheGet(new CacheKey(scope, key))
                .map(Bytes::asUtf8)
                .orElse("none");
    }

    @Test
    @DisplayName("CACHE-01 an outcome comes back equal, in the same scope only")
    void comesBackInItsScope() {
        put("k", "v");

        assertThat(get("s", "k")).isEqualTo("v");
        assertThat(get("t", "k")).isEqualTo("none");
    }

    @Test
    @DisplayName("CACHE-02 of many first writers exactly one wins and all are told which")
    void firstWriterWins() {
        List<Bytes> told = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> put("s", "k", "v" + i, CachePut.FOREVER, Existing.KEEP))
                .toList();

        assertThat(told).containsOnly(Bytes.utf8(get("s", "k")));
    }

    @Test
    @DisplayName("CACHE-03 CACHE-04 an outcome is there until its own time to live, and not at it")
    void timeToLive() {
        put("s", "short", "v", Duration.ofSeconds(1), Existing.REPLACE);
        put("s", "forever", "v", CachePut.FOREVER, Existing.REPLACE);
        clock.advance(Duration.ofMillis(999));
        String before = get("s", "short");
        clock.advance(Duration.ofMillis(1));

        assertThat(before).isEqualTo("v");
        assertThat(get("s", "short")).isEqualTo("none");
        assertThat(get("s", "forever")).isEqualTo("v");
    }

    @Test
    @DisplayName("CACHE-03 what is past its time to live is not kept by a writer that keeps what is there")
    void expiredIsReplaced() {
        put("s", "k", "old", Duration.ofSeconds(1), Existing.REPLACE);
        clock.advance(Duration.ofSeconds(1));

        Bytes told = put("s", "k", "new", CachePut.FOREVER, Existing.KEEP);

        assertThat(told).isEqualTo(Bytes.utf8("new"));
    }

    @Test
    @DisplayName("CACHE-05 delete and clear touch nothing else and can be repeated")
    void deleteAndClear() {
        put("a", "1");
        put("b", "2");
        put("t", "a", "3", CachePut.FOREVER, Existing.REPLACE);
        store.cacheDelete(new CacheKey("s", "a"));
        store.cacheDelete(new CacheKey("s", "a"));
        String left = get("s", "b");

        store.cacheClear("s");
        store.cacheClear("s");

        assertThat(left).isEqualTo("2");
        assertThat(get("s", "b")).isEqualTo("none");
        assertThat(get("t", "a")).isEqualTo("3");
    }

    @Test
    @DisplayName("CACHE-06 over the limit the least recently written goes, whatever was read since")
    void leastRecentlyWrittenGoes() {
        List.of("a", "b", "c").forEach(key -> put(key, "v"));
        put("a", "again");
        get("s", "b");

        put("d", "v");

        assertThat(List.of(get("s", "a"), get("s", "b"), get("s", "c"), get("s", "d")))
                .containsExactly("again", "none", "v", "v");
    }

    @Test
    @DisplayName("CACHE-06 overwriting a key at the limit evicts nothing, and the expired go first")
    void overwritingEvictsNothing() {
        List.of("a", "b", "c").forEach(key -> put(key, "v"));
        put("a", "again");
        List<String> atTheLimit = List.of(get("s", "a"), get("s", "b"), get("s", "c"));
        put("s", "b", "short", Duration.ofSeconds(1), Existing.REPLACE);
        clock.advance(Duration.ofSeconds(1));

        put("d", "v");

        assertThat(atTheLimit).containsExactly("again", "v", "v");
        assertThat(List.of(get("s", "a"), get("s", "c"), get("s", "d"))).containsExactly("again", "v", "v");
    }
}
