// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
    private static final List<String> LOOK_ALIKE = List.of(
            "a",
            "A",
            " a",
            "a ",
            "1",
            "01",
            "1.0",
            "e\u0301",
            "\u00e9",
            "a\u200b",
            "a:b",
            "a/b",
            "a%",
            "a_",
            "a*",
            "$where",
            "{a}",
            "'; --",
            "line\nbreak",
            "\ud83d\ude00",
            "\u05d0");

    private final InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());

    @Test
    @DisplayName("KEY-01 KEY-02 RT-04 keys that look alike, or hold signs of other languages, are different keys")
    void keysAreLiteral() {
        LOOK_ALIKE.forEach(id -> Sent.create(store, id));

        assertThat(StoreClauses.ids(store.list(RunQuery.all().build()).runs()))
                .containsExactlyInAnyOrderElementsOf(LOOK_ALIKE);
        assertThat(StoreClauses.ids(
                        store.list(RunQuery.all().prefix("a%").build()).runs()))
                .containsExactly("a%");
        LOOK_ALIKE.forEach(id -> assertThat(Sent.head(store, id).runId()).isEqualTo(id));
    }

    @Test
    @DisplayName("KEY-04 a key of 255 UTF-8 bytes works, one of 256 is refused")
    void keyLimit() {
        String longest = "\u00e9".repeat(127) + "a";

        Granted granted = Sent.create(store, longest);

        assertThat(granted.lease().runId()).isEqualTo(longest);
        assertThatThrownBy(() -> Sent.create(store, longest + "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256")
                .hasMessageContaining("255");
        assertThat(store.list(RunQuery.all().build()).runs()).hasSize(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\u0001\u0002", "a\u0000b", "\ud83d"})
    @DisplayName("KEY-05 null, empty and invisible keys, and text that no store keeps, are refused")
    void badKeys(String key) {
        assertThatThrownBy(() -> Sent.create(store, key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.signal(key, Sent.message("m"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.cacheClear(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("BAD-01 RET-03 numbers and durations out of range are refused with the value")
    void badNumbers() {
        assertThatThrownBy(() -> Sent.claim(0)).hasMessageContaining("was 0");
        assertThatThrownBy(() -> new Read("r", new Cursor.Start(), 0)).hasMessageContaining("was 0");
        assertThatThrownBy(() -> RunQuery.all().limit(1_001)).hasMessageContaining("was 1001");
        assertThatThrownBy(() -> RunQuery.all().unchangedFor(Duration.ofMillis(-1)))
                .hasMessageContaining("PT-0.001S");
        assertThatThrownBy(() -> StoreOptions.builder().fenceTime(Duration.ZERO))
                .hasMessageContaining("PT0S");
    }

    @Test
    @DisplayName("CAP-01 the facts say that nothing survives the process, and what the store can")
    void facts() {
        Facts facts = store.facts();

        assertThat(facts.nature()).isEqualTo(Facts.Nature.IN_MEMORY);
        assertThat(facts.warnings()).singleElement().asString().contains("nothing survives");
        assertThat(facts.abilities()).containsExactly(Ability.STEP_CACHE);
        assertThat(facts.limits().payloadBytes()).isEqualTo(1 << 20);
    }

    @Test
    @DisplayName("LIFE-01 LIFE-02 LIFE-04 a closed store refuses every call; another one on its storage goes on")
    void closing() {
        InMemoryStateStore other = store.reopened();
        Sent.create(store, "r");

        store.close();
        store.close();

        assertThatThrownBy(() -> Sent.read(store, "r")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(store::facts).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.append(List.of())).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.cacheGet(new CacheKey("s", "k"))).isInstanceOf(StoreClosedException.class);
        assertThat(Sent.head(other, "r").runId()).isEqualTo("r");
    }
}
