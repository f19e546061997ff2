// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CodecException;
import dev.cairn.state.Failure;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure is recorded and thrown from its record: equal first time and every time. */
class FailureRecordTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    interface Declined extends Serializable {}

    static class PaymentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PaymentException(@Nullable String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    static final class CardDeclined extends PaymentException implements Declined {
        private static final long serialVersionUID = 1L;

        CardDeclined(@Nullable String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    record Limit(int max, List<String> accounts) {}

    /** What the workflow catches at its step, on the first run and on replay. */
    private List<StepFailedException> caught(Throwable thrown) {
        List<StepFailedException> caught = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            try {
                run.step("pay", String.class, runs.throwing(thrown));
            } catch (StepFailedException e) {
                caught.add(e);
            }
            throw new IOException("again");
        };
        runs.execute("r", body);
        runs.execute("r", body);
        assertThat(caught).hasSize(2);
        assertThat(runs.ran).containsExactly("pay");
        return caught;
    }

    @Test
    @DisplayName("RUN-03 a failure has equal type, supertypes, code, message, data and causes first time and on replay")
    void failureIsEqualOnReplay() {
        Throwable root = new IOException("cut\u0000off");
        List<StepFailedException> caught =
                caught(new CardDeclined("no \uD83D\uDCB3\r\n", new IllegalStateException(null, root)));

        assertThat(caught.get(1).failure()).isEqualTo(caught.get(0).failure());
        for (StepFailedException e : caught) {
            assertThat(e)
                    .hasMessage("no \uD83D\uDCB3\r\n")
                    .hasToString("dev.cairn.StepFailedException (step pay): " + CardDeclined.class.getName()
                            + ": no \uD83D\uDCB3\r\n");
            assertThat(e.type()).isEqualTo(CardDeclined.class.getName());
            assertThat(e.stepKey()).isEqualTo("pay");
            assertThat(e.code()).isEmpty();
            assertThat(e.data(Limit.class)).isEmpty();
            assertThat(e.getCause()).hasToString("java.lang.IllegalStateException: ");
            assertThat(e.getCause().getCause())
                    .hasToString("java.io.IOException: cut\u0000off")
                    .hasNoCause();
        }
    }

    @Test
    @DisplayName("RUN-03 is() knows the class, its superclasses and interfaces, and no other, first time and on replay")
    void failureKnowsWhatItIs() {
        for (StepFailedException e : caught(new CardDeclined("no", new IOException()))) {
            assertThat(List.of(
                            CardDeclined.class,
                            PaymentException.class,
                            RuntimeException.class,
                            Throwable.class,
                            Declined.class,
                            Serializable.class))
                    .allMatch(e::is);
            assertThat(List.of(IOException.class, StepFailure.class, Comparable.class))
                    .noneMatch(e::is);
        }
    }

    @Test
    @DisplayName("RUN-03 a StepFailure keeps code and data, which is read as the type that is asked for")
    void stepFailureKeepsCodeAndData() {
        Limit data = new Limit(10, List.of("a", "b"));

        for (StepFailedException e : caught(new StepFailure("OVER_LIMIT", "over", data))) {
            assertThat(e.code()).isEqualTo("OVER_LIMIT");
            assertThat(e.data(Limit.class)).contains(data);
            assertThat(e.data(new TypeRef<Map<String, Object>>() {}).orElseThrow())
                    .containsEntry("max", 10);
            assertThat(e.is(StepFailure.class)).isTrue();
            assertThatThrownBy(() -> e.data(Integer.class))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContainingAll("the data of the failure of step pay", "java.lang.Integer", "$");
        }
    }

    @Test
    @DisplayName("RUN-03 data that cannot be written as JSON does not keep the failure from being recorded")
    void unwritableDataIsLeftOut() {
        for (StepFailedException e : caught(new StepFailure("BAD", "bad", new RoundTripTest.Endless()))) {
            assertThat(e.code()).isEqualTo("BAD");
            assertThat(e.data(Object.class)).isEmpty();
        }
    }

    static List<Arguments> messages() {
        return List.of(
                Arguments.of("none", null, ""),
                Arguments.of("empty", "", ""),
                Arguments.of("U+0000", "\u0000a\u0000", "\u0000a\u0000"),
                Arguments.of("high surrogate alone", "a\uD83D", "a\uD83D"),
                Arguments.of(
                        "low surrogate alone", "\uDE00 \"q\" \\ \n \uD83D\uDE00", "\uDE00 \"q\" \\ \n \uD83D\uDE00"),
                Arguments.of("swapped pair", "\uDE00\uD83D", "\uDE00\uD83D"),
                Arguments.of("decomposed", "e\u0301 \u202Eabc", "e\u0301 \u202Eabc"),
                Arguments.of("1 MiB", "m".repeat(1 << 20), "m".repeat(1 << 20)),
                Arguments.of("1 MiB of astral", "\uD83D\uDE00".repeat(1 << 18), "\uD83D\uDE00".repeat(1 << 18)),
                Arguments.of("1 MiB and a surrogate", "m".repeat(1 << 20) + "\uD83D", "m".repeat(1 << 20) + "\uD83D"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @DisplayName("ERR-01 a message of any text comes back whole, first time and on replay")
    void messageComesBack(String name, String message, String expected) {
        for (StepFailedException e : caught(new CardDeclined(message, new PaymentException(message, null)))) {
            assertThat(e.getMessage()).as(name).isEqualTo(expected);
            assertThat(e.getCause().getMessage()).as(name).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName(
            "RUN-03 a failure too large for an entry is recorded with its texts cut, equal first time and on replay")
    void hugeFailureIsCut() {
        Throwable thrown = new CardDeclined("\uD83D\uDE00".repeat(3 << 20), null);
        for (int i = 0; i < 40; i++) {
            thrown = new CardDeclined("\u0001".repeat(1 << 20), thrown);
        }

        List<StepFailedException> caught = caught(thrown);

        assertThat(caught.get(1).failure()).isEqualTo(caught.get(0).failure());
        assertThat(caught.get(0).getMessage())
                .startsWith("\u0001".repeat(16 << 10))
                .endsWith(" … (cut, 1048576 characters in all)");
        assertThat(caught.get(0).failure().causes()).hasSize(16);
    }

    /** An exception that makes trouble when it is asked. */
    static final class Unruly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("ask somebody else");
        }

        @Override
        public synchronized Throwable getCause() {
            return endless(1);
        }

        private static Throwable endless(int depth) {
            return depth == 0 ? new IOException() : endless(depth + 1).getCause();
        }
    }

    @Test
    @DisplayName("RUN-03 an exception that cannot give its message or cause is recorded without")
    void unrulyExceptionIsRecorded() {
        for (StepFailedException e : caught(new Unruly())) {
            assertThat(e.type()).isEqualTo(Unruly.class.getName());
            assertThat(e.getMessage()).isEmpty();
            assertThat(e).hasNoCause();
        }
    }

    @Test
    @DisplayName("RUN-03 causes that form a circle are recorded once each")
    void cyclicCausesAreRecordedOnce() {
        RuntimeException outer = new RuntimeException("outer");
        RuntimeException inner = new IllegalStateException("inner", outer);
        outer.initCause(inner);

        for (StepFailedException e : caught(outer)) {
            assertThat(e.failure().causes())
                    .containsExactly(new Failure.Cause("java.lang.IllegalStateException", "inner"));
        }
    }

    @Test
    @DisplayName("RUN-03 a failure of another run that a body lets through stays what it is")
    void failureOfAnotherRunStaysWhatItIs() {
        Workflow<Void, Void> inner = Workflow.named("inner").define((run, none) -> {
            run.step("deep", runs.throwing(new StepFailure("DEEP", "down", 7))::run);
            return null;
        });
        List<StepFailedException> caught = new ArrayList<>();
        runs.execute("outer", (run, none) -> {
            Outcome<Void> outcome = run.tryStep("call", Void.class, step -> runs.cairn.run(inner, "inner-1", null));
            caught.add(((Outcome.Failed<Void>) outcome).failure());
            return null;
        });

        assertThat(caught.get(0).code()).isEqualTo("DEEP");
        assertThat(caught.get(0).is(StepFailure.class)).isTrue();
        assertThat(caught.get(0).data(Integer.class)).contains(7);
        assertThat(caught.get(0).stepKey()).isEqualTo("call");
    }

    @Test
    @DisplayName("RUN-03 the failure that ends a run is thrown equal by run, and again by every later run")
    void failureThatEndsTheRunIsThrownAgain() {
        Workflow<Void, Void> failing = Workflow.named("failing").define((run, none) -> {
            run.step("pay", String.class, runs.throwing(new CardDeclined("no", new IOException("x"))));
            return null;
        });
        List<Failure> failures = new ArrayList<>();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> runs.cairn.run(failing, "r", null))
                    .isInstanceOfSatisfying(StepFailedException.class, e -> {
                        assertThat(e.stepKey()).isEqualTo("pay");
                        assertThat(e.is(PaymentException.class)).isTrue();
                        failures.add(e.failure());
                    });
        }

        assertThat(failures.get(0)).isEqualTo(failures.get(1));
        assertThat(runs.ran).containsExactly("pay");
    }

    @Test
    @DisplayName("RUN-03 tryStep returns the failure as a value, equal on replay")
    void tryStepReturnsTheFailure() {
        List<Failure> failures = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            Outcome<String> outcome = run.tryStep("pay", String.class, runs.throwing(new CardDeclined("no", null)));
            failures.add(((Outcome.Failed<String>) outcome).failure().failure());
            throw new IOException("again");
        };

        runs.execute("r", body);
        runs.execute("r", body);

        assertThat(failures).hasSize(2).containsOnly(failures.get(0));
    }
}
