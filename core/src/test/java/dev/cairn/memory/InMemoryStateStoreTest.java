// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InMemoryStateStoreTest {
    private final InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());

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
}
