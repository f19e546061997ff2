// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import static dev.cairn.cache.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LruEntriesTest {
    private static final int OPERATIONS = 3_000;

    private final MovableClock clock = MovableClock.create();

    @RepeatedTest(40)
    @DisplayName(
            "CACHE-06 under random operations the entries are those of a simple list, and never more than the limit")
    void entriesAreThoseOfASimpleList(RepetitionInfo repetition) {
        long seed = Long.getLong("cairn.test.seed", System.nanoTime());
        System.out.println("LruEntriesTest: -Dcairn.test.seed=" + seed + " limit " + repetition.getCurrentRepetition());
        Random random = new Random(seed);
        int limit = 1 + repetition.getCurrentRepetition() % 7;
        LruEntries entries = new LruEntries(limit, clock);
        Model model = new Model(limit);

        for (int i = 0; i < OPERATIONS; i++) {
            String at = "seed " + seed + ", limit " + limit + ", operation " + i;

            assertThat(operate(entries, model, random, i)).as(at).isTrue();
            assertThat(entries.size()).as(at).isEqualTo(model.kept.size()).isLessThanOrEqualTo(limit);
        }
    }

    /** Does one random thing to both and says whether they answered alike. */
    private boolean operate(LruEntries entries, Model model, Random random, int number) {
        String key = "key" + random.nextInt(10);
        Instant now = clock.instant();
        switch (random.nextInt(20)) {
            case 0 -> clock.advance(Duration.ofMillis(random.nextInt(20)));
            case 1 -> clock.putBack(Duration.ofMillis(random.nextInt(8)));
            case 2 -> {
                entries.delete(key);
                model.kept.removeIf(kept -> kept.key.equals(key));
            }
            case 3, 4, 5, 6, 7, 8, 9 -> {
                return entries.get(key).equals(model.get(key, now));
            }
            default -> {
                Duration ttl = random.nextBoolean() ? CachePut.FOREVER : Duration.ofMillis(1 + random.nextInt(30));
                Existing existing = random.nextBoolean() ? Existing.KEEP : Existing.REPLACE;
                StepOutcome outcome = value(number);
                return entries.put(key, outcome, ttl, existing).equals(model.put(key, outcome, ttl, existing, now));
            }
        }
        if (random.nextInt(50) == 0) {
            entries.clear();
            model.kept.clear();
        }
        return true;
    }

    @Test
    @DisplayName("CACHE-03 a time to live is counted from the instant of the write, not from its millisecond")
    void lifeBeginsAtTheInstantOfTheWrite() {
        clock.advance(Duration.ofNanos(900_000));
        LruEntries entries = new LruEntries(1, clock);
        entries.put("step", value(1), Duration.ofMillis(1), Existing.REPLACE);

        clock.advance(Duration.ofNanos(999_999));
        assertThat(entries.get("step")).contains(value(1));
        clock.advance(Duration.ofNanos(1));

        assertThat(entries.get("step")).isEmpty();
    }

    /** Least recently used first. */
    private static final class Model {
        private record Kept(String key, StepOutcome outcome, Optional<Instant> end) {
            private boolean isExpired(Instant now) {
                return end.isPresent() && end.get().compareTo(now) <= 0;
            }
        }

        private final List<Kept> kept = new ArrayList<>();
        private final int limit;

        private Model(int limit) {
            this.limit = limit;
        }

        private Optional<StepOutcome> get(String key, Instant now) {
            Optional<Kept> found =
                    kept.stream().filter(one -> one.key.equals(key)).findFirst();
            found.ifPresent(kept::remove);
            Optional<Kept> living = found.filter(one -> !one.isExpired(now));
            living.ifPresent(kept::add);
            return living.map(Kept::outcome);
        }

        private StepOutcome put(String key, StepOutcome outcome, Duration ttl, Existing existing, Instant now) {
            kept.removeIf(one -> one.isExpired(now));
            Optional<StepOutcome> there = get(key, now);
            if (there.isPresent() && existing == Existing.KEEP) {
                return there.get();
            }
            kept.removeIf(one -> one.key.equals(key));
            if (kept.size() == limit) {
                kept.remove(0);
            }
            Optional<Instant> end = ttl.equals(CachePut.FOREVER) ? Optional.empty() : Optional.of(now.plus(ttl));
            kept.add(new Kept(key, outcome, end));
            return outcome;
        }
    }
}
