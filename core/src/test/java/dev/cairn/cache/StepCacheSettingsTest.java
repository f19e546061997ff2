// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import static dev.cairn.cache.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnsupportedCapabilityException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cache refuses, and what is particular to one place of keeping entries. */
class StepCacheSettingsTest {
    private final InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());

    @Test
    @DisplayName("CAP-02 a store that keeps no step caches is refused by its class, and not asked anything")
    void storeWithoutCachesIsRefused() {
        List<String> calls = new ArrayList<>();
        StateStore plain = (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    throw new AssertionError(method);
                });

        assertThatThrownBy(() -> StepCache.in(plain, "prices"))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining(plain.getClass().getName());

        assertThat(calls).isEmpty();
    }

    @Test
    @DisplayName("CACHE-01 scopes of one store do not see each other, and one scope is seen from every cache of it")
    void scopesStayApart() {
        StepCache prices = StepCache.in(store, "prices").build();
        StepCache other = StepCache.in(store, "price").build();
        prices.put("s:step", value(1));
        other.put("step", value(2));

        other.clear();

        assertThat(other.get("s:step")).isEmpty();
        assertThat(StepCache.in(store.reopened(), "prices").build().get("s:step"))
                .contains(value(1));
    }

    @Test
    @DisplayName("CACHE-01 what is no outcome is reported as corrupt, by key and scope and without its bytes")
    void damagedEntryIsCorrupt() {
        store.cachePut(new CachePut(
                new CacheKey("prices", "step"), Bytes.utf8("{secret"), CachePut.FOREVER, Existing.REPLACE, 10));
        StepCache cache = StepCache.in(store, "prices").build();

        assertThatThrownBy(() -> cache.get("step"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContainingAll("step", "prices")
                .hasMessageNotContaining("secret");
    }

    @Test
    @DisplayName("CACHE-06 reading an entry in memory keeps it from being the next to go")
    void readingIsUse() {
        StepCache cache = StepCache.inMemory().maxEntries(2).build();
        cache.put("a", value(1));
        cache.put("b", value(2));

        cache.get("a");
        cache.put("c", value(3));

        assertThat(cache.get("a")).contains(value(1));
        assertThat(cache.get("b")).isEmpty();
    }

    @Test
    @DisplayName("CACHE-06 in memory what has expired makes room before anything that has not")
    void expiredGoesFirst() {
        MovableClock clock = MovableClock.create();
        StepCache cache = StepCache.inMemory().clock(clock).maxEntries(2).build();
        cache.put("old", value(1));
        cache.put("short", value(2), Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));

        cache.put("new", value(3));

        assertThat(cache.get("old")).contains(value(1));
        assertThat(cache.get("new")).contains(value(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_000_001})
    @DisplayName("CACHE-06 a limit out of range is refused with its value")
    void limitOutOfRangeIsRefused(int limit) {
        assertThatThrownBy(() -> StepCache.inMemory().maxEntries(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was " + limit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000000001S", "PT1.0000001S"})
    @DisplayName("CACHE-04 a time to live that is not whole milliseconds, at least 1, is refused and changes nothing")
    void oddTimeToLiveIsRefused(Duration odd) {
        StepCache cache = StepCache.inMemory().build();

        assertThatThrownBy(() -> StepCache.inMemory().timeToLive(odd)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cache.put("step", value(1), odd)).hasMessageContaining("was " + odd);
        assertThatThrownBy(() -> cache.putIfAbsent("step", value(1), odd)).isInstanceOf(IllegalArgumentException.class);

        assertThat(cache.get("step")).isEmpty();
    }

    @Test
    @DisplayName("CACHE-04 a time to live longer than any clock goes means never")
    void endlessTimeToLiveMeansNever() {
        MovableClock clock = MovableClock.create();
        StepCache memory = StepCache.inMemory().clock(clock).build();
        StepCache stored = StepCache.in(store, "prices")
                .timeToLive(Duration.ofSeconds(Long.MAX_VALUE))
                .build();

        memory.put("step", value(1), Duration.ofSeconds(Long.MAX_VALUE));
        stored.put("step", value(1));
        clock.advance(Duration.ofDays(1_000_000));

        assertThat(memory.get("step")).contains(value(1));
        assertThat(stored.get("step")).contains(value(1));
    }

    @Test
    @DisplayName("KEY-04 a key or scope over 255 UTF-8 bytes is refused by every method")
    void longKeyIsRefused() {
        String tooLong = "\u00e9".repeat(128);

        for (StepCache cache : List.of(
                StepCache.inMemory().build(), StepCache.in(store, "prices").build())) {
            assertThatThrownBy(() -> cache.get(tooLong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cache.put(tooLong, value(1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cache.delete(tooLong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cache.getOrRun(tooLong, () -> {
                        throw new AssertionError("ran");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> StepCache.in(store, tooLong)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("CACHE-03 a cache in a store takes no clock of its own")
    void storedCacheTakesNoClock() {
        assertThatThrownBy(() -> StepCache.in(store, "prices").clock(MovableClock.create()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("prices");
    }
}
