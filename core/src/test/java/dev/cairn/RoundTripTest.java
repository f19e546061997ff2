// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.error.CairnException;
import dev.cairn.error.CodecException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.EntryBody;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step returns is decoded from what is recorded: equal first time and every time, or refused the first time. */
class RoundTripTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    record Item(String name, BigDecimal price, Optional<String> note) {}

    record Basket<T>(List<T> items, Map<LocalDate, T> byDay) {}

    static List<Arguments> values() {
        Item item = new Item("tea \uD83C\uDF75 é", new BigDecimal("1.10"), Optional.of("a\nb"));
        Item bare = new Item("", new BigDecimal("1E+3"), Optional.empty());
        return List.of(
                of(TypeRef.of(String.class), " \u0001 text \uD83D\uDE00\r\n"),
                of(TypeRef.of(String.class), null),
                of(TypeRef.of(Integer.class), Integer.MIN_VALUE),
                of(TypeRef.of(Long.class), (1L << 53) + 1),
                of(TypeRef.of(Double.class), Double.NaN),
                of(TypeRef.of(Double.class), 0.1),
                of(TypeRef.of(BigInteger.class), BigInteger.TEN.pow(60)),
                of(TypeRef.of(BigDecimal.class), new BigDecimal("100.00")),
                of(TypeRef.of(BigDecimal.class), new BigDecimal("0.123456789012345678901234567890")),
                of(TypeRef.of(Boolean.class), false),
                of(TypeRef.of(UUID.class), new UUID(1, 2)),
                of(TypeRef.of(TimeUnit.class), TimeUnit.DAYS),
                of(TypeRef.of(Instant.class), Instant.parse("2040-03-31T01:30:00.123456789Z")),
                of(TypeRef.of(LocalDate.class), LocalDate.MIN),
                of(TypeRef.of(LocalTime.class), LocalTime.MAX),
                of(TypeRef.of(Year.class), Year.of(2030)),
                of(TypeRef.of(Duration.class), Duration.ofNanos(1)),
                of(TypeRef.of(OffsetDateTime.class), OffsetDateTime.parse("2030-01-01T00:00:00+05:30")),
                of(TypeRef.of(ZonedDateTime.class), ZonedDateTime.parse("2030-07-01T00:00:00+02:00[Europe/Paris]")),
                of(TypeRef.of(Item.class), item),
                of(new TypeRef<List<Item>>() {}, List.of(item, bare)),
                of(new TypeRef<Set<UUID>>() {}, Set.of(new UUID(1, 2), new UUID(3, 4), new UUID(5, 6))),
                of(new TypeRef<Map<String, List<Integer>>>() {}, Map.of("", List.of(1), "b.c", List.of())),
                of(new TypeRef<Optional<Item>>() {}, Optional.empty()),
                of(new TypeRef<Basket<Item>>() {}, new Basket<>(List.of(bare), Map.of(LocalDate.EPOCH, item))),
                of(TypeRef.of(List.class), Arrays.asList("a", 1, true, null, Map.of("k", 1.5))));
    }

    private static Arguments of(TypeRef<?> type, Object value) {
        return Arguments.of(type, value);
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("RUN-02 a value is equal on the first run and on replay")
    void valueIsEqualOnReplay(TypeRef<Object> type, Object value) {
        List<Object> seen = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            seen.add(run.step("value", type, runs.returns(value)));
            throw new IOException("again");
        };

        runs.execute("r", body);
        runs.execute("r", body);

        assertThat(seen).containsExactly(value, value);
        assertThat(runs.ran).containsExactly("value");
    }

    @Test
    @DisplayName("RUN-02 the first run gets what is recorded and not the body's own object")
    void firstRunGetsWhatIsRecorded() {
        List<Integer> own = new ArrayList<>(List.of(1));
        List<List<Integer>> seen = new ArrayList<>();

        runs.execute("r", (run, none) -> {
            List<Integer> value = run.step("value", new TypeRef<List<Integer>>() {}, step -> own);
            own.add(2);
            seen.add(value);
            return null;
        });

        assertThat(seen).containsExactly(List.of(1));
    }

    @Test
    @DisplayName("RUN-02 a void step and a step that returns null replay as null")
    void nothingReplaysAsNull() {
        List<Object> seen = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            run.step("void", step -> runs.ran.add(step.key()));
            seen.add(run.step("none", Void.class, runs.returns(null)));
            seen.add(run.step("null", Item.class, runs.returns(null)));
            throw new IOException("again");
        };

        runs.execute("r", body);
        runs.execute("r", body);

        assertThat(seen).containsOnlyNulls().hasSize(4);
        assertThat(runs.ran).containsExactly("void", "none", "null");
    }

    interface Shape {
        double area();
    }

    record Square(double side) implements Shape {
        @Override
        public double area() {
            return side * side;
        }
    }

    static final class NoWayBack {
        public final int amount;

        NoWayBack(int amount, @SuppressWarnings("unused") String other) {
            this.amount = amount;
        }
    }

    /** Loses its cents. */
    static final class Rounded {
        public long whole;
        private long cents;

        static Rounded of(long whole, long cents) {
            Rounded rounded = new Rounded();
            rounded.whole = whole;
            rounded.cents = cents;
            return rounded;
        }

        public long getCents() {
            return cents;
        }

        public void setCents(long value) {
            cents = value / 10 * 10;
        }
    }

    static final class Broken {
        private final String secret = "4111-1111";

        public String getText() {
            if (!secret.isEmpty()) {
                throw new IllegalStateException(secret + " is secret");
            }
            return secret;
        }
    }

    /** Contains itself. */
    static final class Endless {
        public Endless getSelf() {
            return this;
        }
    }

    private static Object deep(int levels) {
        Object value = List.of();
        for (int i = 0; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Map<String, Integer> nullKey() {
        Map<String, Integer> map = new HashMap<>();
        map.put(null, 1);
        return map;
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of(TypeRef.of(Shape.class), new Square(2), "$"),
                Arguments.of(TypeRef.of(NoWayBack.class), new NoWayBack(1, ""), "$"),
                Arguments.of(new TypeRef<List<NoWayBack>>() {}, List.of(new NoWayBack(1, "")), "$[0]"),
                Arguments.of(TypeRef.of(Rounded.class), Rounded.of(1, 99), "$.cents"),
                Arguments.of(new TypeRef<Map<String, Rounded>>() {}, Map.of("a", Rounded.of(1, 99)), "$.a.cents"),
                Arguments.of(TypeRef.of(Broken.class), new Broken(), "$.text"),
                Arguments.of(TypeRef.of(Endless.class), new Endless(), "$.self"),
                Arguments.of(new TypeRef<Map<String, Integer>>() {}, nullKey(), "$"),
                Arguments.of(TypeRef.of(Object.class), deep(2_000), "$"),
                Arguments.of(TypeRef.of(List.class), List.of("a", new Square(2)), "$[1]"),
                Arguments.of(TypeRef.of(List.class), List.of(5L), "$[0]"),
                Arguments.of(TypeRef.of(Object.class), Map.of("at", Instant.EPOCH), "$.at"),
                Arguments.of(new TypeRef<Map<String, ?>>() {}, Map.of("a", List.of(1.5f)), "$.a[0]"),
                Arguments.of(TypeRef.of(Thread.class), Thread.currentThread(), "$"),
                Arguments.of(TypeRef.of(int.class), null, "$"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    @DisplayName(
            "RUN-02 a value that cannot make the round trip is refused at the first run, naming step, type and path")
    void lossyValueIsRefused(TypeRef<Object> type, Object value, String path) {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step("lossy", type, runs.returns(value));
            return null;
        });

        assertThat(result).isInstanceOf(RunResult.Blocked.class);
        CairnException cause = ((RunResult.Blocked<?>) result).cause();
        assertThat(cause)
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("step lossy", "run r", type.toString(), "at " + path)
                .message()
                .hasSizeLessThan(2_000);
        assertThat(runs.stored("r").record()).isEmpty();
        assertThat(runs.stored("r").lease()).isEmpty();
    }

    @Test
    @DisplayName("RUN-02 a value of nearly the deepest that the codec allows is read back from the journal")
    void deepValueComesBack() {
        List<Object> seen = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            seen.add(run.step("deep", Object.class, runs.returns(deep(498))));
            throw new IOException("again");
        };

        runs.execute("r", body);
        runs.execute("r", body);

        assertThat(seen).hasSize(2).containsOnly(deep(498));
        assertThat(ResumeState.fromJson(runs.state("r").toJson())).isEqualTo(runs.state("r"));
    }

    @Test
    @DisplayName("RUN-02 an output that cannot make the round trip is refused and the run has not ended")
    void lossyOutputIsRefused() {
        Workflow<Void, Rounded> lossy =
                Workflow.named("lossy").output(Rounded.class).define((run, none) -> Rounded.of(1, 99));

        RunResult<Rounded> result = runs.cairn.execute(lossy, "r", null);

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .hasMessageContainingAll("the output of run r", "Rounded", "$.cents"));
        assertThat(runs.stored("r").record()).isEmpty();
    }

    @Test
    @DisplayName("RUN-02 an input that cannot make the round trip is refused before anything is written")
    void lossyInputIsRefused() {
        Workflow<Rounded, Void> lossy =
                Workflow.named("lossy").input(Rounded.class).define((run, input) -> null);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> runs.cairn.run(lossy, "r", Rounded.of(1, 99)))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("the input of run r", "Rounded", "$.cents");

        assertThat(runs.exists("r")).isFalse();
    }

    @Test
    @DisplayName("BAD-01 a value over the payload limit is refused with its size, the limit and a way out, unwritten")
    void tooLargeValueIsRefused() {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step("large", String.class, runs.returns("x".repeat(1 << 20)));
            return null;
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(PayloadTooLargeException.class)
                                .hasMessageContainingAll("step large of run r", "1048578", "1048576", "reference"));
        assertThat(runs.stored("r").record()).isEmpty();
    }

    @Test
    @DisplayName("BAD-01 a value of exactly the payload limit is recorded")
    void valueAtTheLimitIsRecorded() {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step("large", String.class, runs.returns("x".repeat((1 << 20) - 2)));
            return null;
        });

        assertThat(result).isInstanceOf(RunResult.Completed.class);
        assertThat(runs.stored("r").record()).first().isInstanceOf(EntryBody.Steps.class);
    }

    @Test
    @DisplayName("BAD-01 an output over the payload limit blocks the run, an input over it is refused before any write")
    void limitHoldsForInputAndOutput() {
        Workflow<String, String> echo = Workflow.named("echo")
                .input(String.class)
                .output(String.class)
                .define((run, text) -> text.repeat(1 << 20));

        RunResult<String> result = runs.cairn.execute(echo, "r", "xx");

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(PayloadTooLargeException.class)
                                .hasMessageContaining("the output of run r"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> runs.cairn.run(echo, "s", "x".repeat(1 << 20)))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContaining("the input of run s");
        assertThat(runs.exists("s")).isFalse();
    }
}
