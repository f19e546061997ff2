// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static dev.cairn.Key.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cairn.state.Names;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of steps that occur more than once. */
class KeyTest {
    private static final String ALPHABET = "ab:\\ \u0301\uD83D\uDE00%_/0";

    @Test
    @DisplayName("KEY-03 keys of different parts differ wherever the separator stands")
    void partsDoNotRunTogether() {
        List<String> keys = List.of(
                key("a", "b:c"),
                key("a:b", "c"),
                key("a", "b", "c"),
                key("a\\", "b"),
                key("a\\:b", "c"),
                key("a", "\\:b", "c"),
                key("a", "b\\", "c"),
                key("a", "b", ""),
                key("a", "", "b"),
                key("a", "", "", "b"));

        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("KEY-03 of random names and parts no two make one key (property, seeded)")
    void randomPartsNeverCollide() {
        long seed = Long.getLong("cairn.test.seed", System.nanoTime());
        System.out.println("KeyTest: -Dcairn.test.seed=" + seed);
        Random random = new Random(seed);
        Map<String, List<String>> made = new HashMap<>();

        for (int i = 0; i < 200_000; i++) {
            List<String> given = texts(random);
            String key = key(given.get(0), given.subList(1, given.size()).toArray());

            assertThat(made.computeIfAbsent(key, ignored -> given))
                    .as("seed %s, key %s", seed, key)
                    .isEqualTo(given);
            assertThat(read(key)).as("seed %s", seed).isEqualTo(given);
        }
    }

    private static List<String> texts(Random random) {
        String[] texts = new String[2 + random.nextInt(3)];
        for (int i = 0; i < texts.length; i++) {
            StringBuilder text = new StringBuilder(i == 0 ? "n" : "");
            for (int length = random.nextInt(4); length > 0; length--) {
                int[] points = ALPHABET.codePoints().toArray();
                text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            texts[i] = text.toString();
        }
        return List.of(texts);
    }

    /** What a key was made of: that it can be told is why no two collide. */
    private static List<String> read(String key) {
        return Arrays.stream(key.split("(?<=(?<!\\\\)(?:\\\\\\\\){0,100}):", -1))
                .map(part -> part.replaceAll("\\\\(.)", "$1"))
                .toList();
    }

    @Test
    @DisplayName("KEY-03 stable parts give the same text every time")
    void stablePartsGiveStableText() {
        UUID id = new UUID(1, 2);

        String key = key("k", "t", 1, 2L, (short) 3, BigInteger.TEN, true, id, LocalDate.EPOCH, Instant.EPOCH);

        assertThat(key)
                .isEqualTo(
                        "k:t:1:2:3:10:true:00000000-0000-0001-0000-000000000002:1970-01-01:1970-01-01T00\\:00\\:00Z");
    }

    static List<Object> unstable() {
        return List.of(
                1.5,
                1.5f,
                new BigDecimal("1.0"),
                new Object(),
                List.of("a"),
                new int[] {1},
                new AtomicInteger(1),
                TimeUnit.DAYS,
                Map.of());
    }

    @ParameterizedTest
    @MethodSource("unstable")
    @DisplayName("KEY-05 a part that is not stable text is refused, naming its type and the way out")
    void unstablePartIsRefused(Object part) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("import", part))
                .withMessageContaining("import")
                .withMessageContaining(part.getClass().getName())
                .withMessageContaining("pass its id");
    }

    @Test
    @DisplayName("KEY-05 a key without parts, with a null part or with more than 16 is refused")
    void wrongNumberOfPartsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> key("k")).withMessageContaining("1 to 16 parts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("k", (Object[]) null))
                .withMessageContaining("1 to 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("k", "a", null))
                .withMessageContaining("null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("k", new Object[17]))
                .withMessageContainingAll("1 to 16", "17");
        assertThat(key("k", (Object[]) "a".repeat(16).split(""))).isEqualTo("k" + ":a".repeat(16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u0000", "\u0007\u001b", "a\u0000b", "a\uD83D", "\uDE00"})
    @DisplayName("KEY-05 an empty, blank or control-only name, U+0000 and lone surrogates are refused")
    void emptyNameIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> key(name, 1)).withMessageContaining("step name");
        assertThatIllegalArgumentException().isThrownBy(() -> Names.check("run id", name));
    }

    @Test
    @DisplayName("KEY-04 a key of 255 UTF-8 bytes works whole, one more is refused with value and limit")
    void keyAtTheLimitWorks() {
        String at = "\uD83D\uDE00".repeat(63) + "a";
        try (LocalRuns runs = new LocalRuns()) {
            runs.execute("r".repeat(255), (run, none) -> {
                run.step(key(at, "b"), step -> {});
                return null;
            });

            assertThat(runs.state("r".repeat(255)).isStepComplete(at + ":b")).isTrue();
        }
        assertThat((at + ":b").getBytes(StandardCharsets.UTF_8)).hasSize(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(at, "bc"))
                .withMessageContainingAll("step key", "256", "255");
    }
}
