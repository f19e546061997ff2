// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CacheTest {
    private final MovableClock clock = MovableClock.create();
    private final InMemoryStateStore store = InMemoryStateStore.open(clock);

    private void put(String key, Duration ttl) {
        store.cachePut(new CachePut(new CacheKey("s", key), Bytes.utf8("v"), ttl, Existing.REPLACE, 3));
    }

    private boolean has(String key) {
        return store.cacheGet(new CacheKey("s", key)).isPresent();
    }

    @Test
    @DisplayName("CACHE-06 what expired goes before anything that did not")
    void expiredGoesFirst() {
        put("a", CachePut.FOREVER);
        put("b", Duration.ofSeconds(1));
        put("c", CachePut.FOREVER);
        clock.advance(Duration.ofSeconds(1));

        put("d", CachePut.FOREVER);

        assertThat(has("a") && has("c") && has("d")).isTrue();
        assertThat(has("b")).isFalse();
    }
}
