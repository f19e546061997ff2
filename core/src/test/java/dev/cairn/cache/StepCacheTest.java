// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import static dev.cairn.cache.Outcomes.failed;
import static dev.cairn.cache.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds of a cache wherever it keeps its entries. */
class StepCacheTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final MovableClock clock = MovableClock.create();
    private final InMemoryStateStore store = InMemoryStateStore.open(clock);

    enum Kept {
        IN_MEMORY,
        IN_A_STORE
    }

    private StepCache.Builder cache(Kept kept) {
        return kept == Kept.IN_MEMORY ? StepCache.inMemory().clock(clock) : StepCache.in(store, "prices");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-01 a value, JSON null, no value and a failure come back equal")
    void outcomesComeBackEqual(Kept kept) {
        StepCache cache = cache(kept).build();
        List<StepOutcome> outcomes =
                List.of(value("{\"a\":[1, 2]}"), value("null"), new StepOutcome.Nothing(), failed("over the limit"));

        for (StepOutcome outcome : outcomes) {
            cache.put("step", outcome);

            assertThat(cache.get("step")).contains(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-01 keys that look alike are different keys")
    void similarKeysAreDifferent(Kept kept) {
        StepCache cache = cache(kept).build();
        List<String> keys = List.of("a", "A", " a", "a ", "a:b", "\u00e9", "e\u0301", "k".repeat(255));

        keys.forEach(key -> cache.put(key, value("\"" + key + "\"")));

        assertThat(keys).allSatisfy(key -> assertThat(cache.get(key)).contains(value("\"" + key + "\"")));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-02 a second writer is told the first one's outcome, which stands")
    void secondWriterIsToldTheFirstOutcome(Kept kept) {
        StepCache cache = cache(kept).build();

        StepOutcome first = cache.putIfAbsent("step", value(1));
        StepOutcome second = cache.putIfAbsent("step", value(2), MINUTE);

        assertThat(List.of(first, second)).containsOnly(value(1));
        assertThat(cache.get("step")).contains(value(1));
        clock.advance(MINUTE);
        assertThat(cache.get("step")).as("the loser's time to live").contains(value(1));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-03 an entry is there until the last millisecond of its time to live and not after")
    void entryLivesAsLongAsItShould(Kept kept) {
        StepCache cache = cache(kept).timeToLive(MINUTE).build();
        cache.put("step", value(1));

        clock.advance(MINUTE.minus(MILLI));
        assertThat(cache.get("step")).contains(value(1));
        clock.advance(MILLI);

        assertThat(cache.get("step")).isEmpty();
        assertThat(cache.putIfAbsent("step", value(2))).isEqualTo(value(2));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-03 reading an entry does not lengthen its life, writing it again does")
    void onlyWritingLengthensALife(Kept kept) {
        StepCache cache = cache(kept).timeToLive(MINUTE).build();
        cache.put("read", value(1));
        cache.put("written", value(1));

        clock.advance(MINUTE.minus(MILLI));
        cache.get("read");
        cache.putIfAbsent("read", value(2));
        cache.put("written", value(2));
        clock.advance(MILLI);

        assertThat(cache.get("read")).isEmpty();
        assertThat(cache.get("written")).contains(value(2));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-03 a clock that goes back lengthens a life by that much, and not the life of what comes later")
    void clockThatGoesBack(Kept kept) {
        StepCache cache = cache(kept).timeToLive(MINUTE).build();
        cache.put("before", value(1));
        clock.putBack(Duration.ofHours(1));
        cache.put("after", value(2));

        clock.advance(MINUTE);
        assertThat(cache.get("after")).isEmpty();
        assertThat(cache.get("before")).contains(value(1));
        clock.advance(Duration.ofHours(1));

        assertThat(cache.get("before")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-04 an entry's own time to live wins over the default, shorter, longer or none")
    void ownTimeToLiveWins(Kept kept) {
        StepCache cache = cache(kept).timeToLive(MINUTE).build();
        cache.put("shorter", value(1), MILLI);
        cache.putIfAbsent("longer", value(2), MINUTE.plus(MILLI));
        cache.put("none", value(3), CachePut.FOREVER);

        clock.advance(MILLI);
        assertThat(cache.get("shorter")).isEmpty();
        clock.advance(MINUTE.minus(MILLI));
        assertThat(cache.get("longer")).contains(value(2));
        clock.advance(Duration.ofDays(100_000));

        assertThat(cache.get("longer")).isEmpty();
        assertThat(cache.get("none")).contains(value(3));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-04 without any time to live an entry never expires")
    void noneMeansNever(Kept kept) {
        StepCache cache = cache(kept).build();
        cache.put("step", value(1));

        clock.advance(Duration.ofDays(365_000));

        assertThat(cache.get("step")).contains(value(1));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-05 delete removes one key and nothing else, and is safe to repeat")
    void deleteRemovesOneKey(Kept kept) {
        StepCache cache = cache(kept).build();
        cache.put("a", failed("try me again"));
        cache.put("ab", value(2));

        cache.delete("a");
        cache.delete("a");

        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.get("ab")).contains(value(2));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-05 clear removes every key and is safe to repeat")
    void clearRemovesEveryKey(Kept kept) {
        StepCache cache = cache(kept).timeToLive(MINUTE).build();
        cache.put("a", value(1));
        cache.put("b", value(2));

        cache.clear();
        cache.clear();

        assertThat(List.of("a", "b"))
                .allSatisfy(key -> assertThat(cache.get(key)).isEmpty());
        assertThat(cache.putIfAbsent("a", value(3))).isEqualTo(value(3));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CACHE-06 a full cache makes room for a new key, and overwriting one evicts nothing")
    void overwritingEvictsNothing(Kept kept) {
        StepCache cache = cache(kept).maxEntries(2).build();
        cache.put("a", value(1));
        cache.put("b", value(1));

        cache.put("b", value(2));
        cache.putIfAbsent("b", value(3));
        assertThat(cache.get("a")).contains(value(1));
        assertThat(cache.get("b")).contains(value(2));
        cache.put("c", value(1));

        assertThat(List.of("a", "b", "c").stream().filter(key -> cache.get(key).isPresent()))
                .containsExactly("b", "c");
    }
}
