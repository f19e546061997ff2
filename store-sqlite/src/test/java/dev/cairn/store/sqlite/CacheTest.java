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
import java.util.Optional;
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

    private Optional<String> get(String key) {
        return store.cacheGet(new CacheKey("scope", key)).map(Bytes::asUtf8);
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
