// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private StoreFile file;
    private SqliteStateStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = new StoreFile(folder);
        store = file.open();
    }

    @AfterEach
    void close() {
        file.close();
    }

    private static CachePut put(String key, String outcome, int max) {
        return new CachePut(new CacheKey("scope", key), Bytes.utf8(outcome), HOUR, Existing.REPLACE, max);
    }

    private static CachePut keep(String key, String outcome) {
        return new CachePut(new CacheKey("scope", key), Bytes.utf8(outcome), HOUR, Existing.KEEP, 100);
    }

    private Optional<String> get(String key) {
        return store.cacheGet(new CacheKey("scope", key)).map(Bytes::asUtf8);
    }

    @Test
    @DisplayName("CACHE-01 an outcome comes back in its scope and namespace only")
    void outcomeComesBack() {
        Bytes answer = store.cachePut(put("k", "v", 10));

        assertThat(answer).isEqualTo(Bytes.utf8("v"));
        assertThat(file.open().cacheGet(new CacheKey("scope", "k"))).contains(Bytes.utf8("v"));
        assertThat(store.cacheGet(new CacheKey("Scope", "k"))).isEmpty();
        assertThat(file.open("elsewhere").cacheGet(new CacheKey("scope", "k"))).isEmpty();
    }

    @Test
    @DisplayName("CACHE-02 of many first writers of a key one value wins, and all are told which")
    void firstWriterWins() throws Exception {
        SqliteStateStore other = file.open();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Bytes>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SqliteStateStore at = i % 2 == 0 ? store : other;
            String value = "v" + i;
            writers.add(() -> at.cachePut(keep("k", value)));
        }

        Set<Bytes> answers = new HashSet<>();
        for (Future<Bytes> answer : threads.invokeAll(writers)) {
            answers.add(answer.get());
        }
        threads.shutdown();

        assertThat(answers).hasSize(1).containsExactly(Bytes.utf8(get("k").orElseThrow()));
    }

    @Test
    @DisplayName("CACHE-03 an outcome is not returned at or after its time to live, and the next writer replaces it")
    void expiredOutcomeIsGone() {
        store.cachePut(put("k", "old", 10));
        boolean before = get("k").isPresent();
        file.sql("UPDATE cairn_cache SET expires = expires - 3600000");

        Bytes answer = store.cachePut(keep("k", "new"));

        assertThat(before).isTrue();
        assertThat(answer).isEqualTo(Bytes.utf8("new"));
        assertThat(get("k")).contains("new");
    }

    @Test
    @DisplayName("CACHE-04 none means never, and the longest time to live does not overflow")
    void foreverDoesNotExpire() {
        CacheKey key = new CacheKey("scope", "k");
        store.cachePut(new CachePut(key, Bytes.utf8("v"), CachePut.FOREVER, Existing.REPLACE, 10));
        Duration almost = CachePut.FOREVER.minusMillis(1);
        store.cachePut(new CachePut(new CacheKey("scope", "j"), Bytes.utf8("w"), almost, Existing.REPLACE, 10));

        assertThat(file.query("SELECT expires IS NULL FROM cairn_cache WHERE step_key = 'k'"))
                .isEqualTo("1");
        assertThat(get("k")).contains("v");
        assertThat(get("j")).contains("w");
    }

    @Test
    @DisplayName("CACHE-05 deleting a key and clearing a scope touch nothing else, and may be repeated")
    void deleteAndClearAreNarrow() {
        store.cachePut(put("a", "1", 10));
        store.cachePut(put("b", "2", 10));
        store.cachePut(new CachePut(new CacheKey("other", "a"), Bytes.utf8("3"), HOUR, Existing.REPLACE, 10));

        store.cacheDelete(new CacheKey("scope", "a"));
        store.cacheDelete(new CacheKey("scope", "a"));
        boolean left = get("b").isPresent();
        store.cacheClear("scope");
        store.cacheClear("scope");

        assertThat(left).isTrue();
        assertThat(get("a")).isEmpty();
        assertThat(get("b")).isEmpty();
        assertThat(store.cacheGet(new CacheKey("other", "a"))).contains(Bytes.utf8("3"));
    }

    @Test
    @DisplayName("CACHE-06 the least recently written goes first, and overwriting a key at the limit evicts nothing")
    void leastRecentlyWrittenGoes() {
        store.cachePut(put("a", "1", 2));
        store.cachePut(put("b", "2", 2));
        store.cachePut(put("a", "3", 2));
        boolean kept = get("b").isPresent();

        store.cachePut(put("c", "4", 2));

        assertThat(kept).isTrue();
        assertThat(get("b")).isEmpty();
        assertThat(get("a")).contains("3");
        assertThat(get("c")).contains("4");
    }

    @Test
    @DisplayName("CACHE-06 what expired goes before anything that did not")
    void expiredGoesFirst() {
        store.cachePut(put("a", "1", 2));
        store.cachePut(put("b", "2", 2));
        file.sql("UPDATE cairn_cache SET expires = 1 WHERE step_key = 'b'");

        store.cachePut(put("c", "3", 2));

        assertThat(get("a")).contains("1");
        assertThat(file.query("SELECT count(*) FROM cairn_cache")).isEqualTo("2");
    }

    @Test
    @DisplayName("BAD-03 a cached outcome with a flipped bit is corrupt, never returned")
    void flippedOutcomeIsCorrupt() {
        store.cachePut(put("k", "v", 10));
        file.sql("UPDATE cairn_cache SET outcome = x'00'");

        assertThatThrownBy(() -> get("k")).isInstanceOf(CorruptException.class).hasMessageContaining("k");
    }
}
