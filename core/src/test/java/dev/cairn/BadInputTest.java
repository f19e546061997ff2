// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StoreClosedException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets an error that names value, limit and way out, before anything is written. */
class BadInputTest {
    private static final String SECRET = "4111-1111-1111";

    private final LocalRuns runs = new LocalRuns();
    private final Workflow<Void, Void> nothing = Workflow.named("wf").define((run, none) -> null);

    @AfterEach
    void close() {
        runs.close();
    }

    static List<String> badNames() {
        List<String> names =
                new ArrayList<>(List.of("", " ", "\t\r\n", "\u0000", "\u0001\u001b", "a\u0000b", "a\uD83D"));
        names.add("n".repeat(256));
        names.add("\u00e9".repeat(128));
        names.add(null);
        return names;
    }

    @ParameterizedTest
    @MethodSource("badNames")
    @DisplayName("BAD-01 a bad run id is refused by every call before any request")
    void badRunIdIsRefused(String id) {
        runs.store.takeRequests();
        List<ThrowingCallable> calls = List.of(
                () -> runs.cairn.run(nothing, id, null),
                () -> runs.cairn.execute(nothing, id, null),
                () -> runs.cairn.submit(nothing, id, null),
                () -> runs.cairn.resume(nothing, id),
                () -> runs.cairn.retry(nothing, id),
                () -> runs.cairn.runs().read(id),
                () -> runs.cairn.runs().cancel(id),
                () -> runs.cairn.runs().delete(id),
                () -> runs.cairn.runs().forget(id, "s"));

        for (ThrowingCallable call : calls) {
            assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("run id");
        }

        assertThat(runs.store.takeRequests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("badNames")
    @DisplayName("BAD-01 a bad step key is refused with the reason; no body runs and nothing is written to the journal")
    void badStepKeyIsRefused(String key) {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step(key, Void.class, runs.returns(null));
            return null;
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(NotPossibleException.class)
                                .hasMessageContaining("step key"));
        assertThat(runs.ran).isEmpty();
        assertThat(runs.state("r").revision().count()).isZero();
    }

    @ParameterizedTest
    @MethodSource("badNames")
    @DisplayName("BAD-01 a bad workflow name is refused when the workflow is named")
    void badWorkflowNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.named(name))
                .withMessageContaining("workflow name");
    }

    @Test
    @DisplayName("BAD-01 labels over their limits are refused with value and limit, and those before stay")
    void badLabelsAreRefused() {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.label("n".repeat(64), "v".repeat(255));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.label("n".repeat(65), "v"))
                    .withMessageContainingAll("label", "65", "64");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.label("n", "v".repeat(256)))
                    .withMessageContainingAll("label", "256", "255");
            assertThatIllegalArgumentException().isThrownBy(() -> run.label(" ", "v"));
            assertThatIllegalArgumentException().isThrownBy(() -> run.label(null, "v"));
            assertThatIllegalArgumentException().isThrownBy(() -> run.label("n", "a\u0000"));
            for (int i = 1; i < 16; i++) {
                run.label("label-" + i, "");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.label("one more", "v"))
                    .withMessageContainingAll("16");
            return null;
        });

        assertThat(result).isEqualTo(new RunResult.Completed<>(null));
        assertThat(runs.state("r").labels()).hasSize(16).containsEntry("n".repeat(64), "v".repeat(255));
    }

    @Test
    @DisplayName("BAD-01 a progress text over 1,024 bytes is refused and the one before stays")
    void longProgressIsRefused() {
        runs.execute("r", (run, none) -> {
            run.progress("p".repeat(1024));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.progress("p".repeat(1025)))
                    .withMessageContainingAll("progress", "1025", "1024");
            assertThatIllegalArgumentException().isThrownBy(() -> run.progress(null));
            return null;
        });

        assertThat(runs.state("r").progress()).hasSize(1024);
    }

    @Test
    @DisplayName("BAD-01 a null input of a workflow that has one is refused, naming the type and the way out")
    void nullInputIsRefused() {
        Workflow<String, Void> greeting =
                Workflow.named("greeting").input(String.class).define((run, name) -> null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> runs.cairn.run(greeting, "r", null))
                .withMessageContainingAll("input of run r", "java.lang.String", "without an input");
        assertThatIllegalArgumentException().isThrownBy(() -> runs.cairn.submit(greeting, "r", null));

        assertThat(runs.exists("r")).isFalse();
    }

    @Test
    @DisplayName("BAD-01 null code and null types are refused when the workflow is defined")
    void nullCodeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.named("wf").define(null))
                .withMessageContaining("wf");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.named("wf").input((Class<String>) null))
                .withMessageContaining("type is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.named("wf").output((Class<String>) null));
        assertThatThrownBy(() -> Workflow.named("wf").policy(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> StepOptions.none().cachedIn(null)).isInstanceOf(NullPointerException.class);
    }

    static List<Arguments> nullArguments() {
        return List.of(
                Arguments.of("body", (WorkflowBody<Void, Void>) (run, none) -> {
                    run.step("s", null);
                    return null;
                }),
                Arguments.of("typed body", (WorkflowBody<Void, Void>) (run, none) -> run.step("s", Void.class, null)),
                Arguments.of("type", (WorkflowBody<Void, Void>)
                        (run, none) -> run.step("s", (Class<Void>) null, step -> null)),
                Arguments.of("type reference", (WorkflowBody<Void, Void>)
                        (run, none) -> run.step("s", (TypeRef<Void>) null, step -> null)),
                Arguments.of("options", (WorkflowBody<Void, Void>)
                        (run, none) -> run.step("s", Void.class, null, step -> null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nullArguments")
    @DisplayName("BAD-01 a step without type, options or body is refused and nothing of it is written")
    void nullArgumentIsRefused(String what, WorkflowBody<Void, Void> body) {
        RunResult<?> result = runs.execute("r", body);

        assertThat(result)
                .as(what)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause()).isInstanceOf(NotPossibleException.class));
        assertThat(runs.state("r").revision().count()).isZero();
    }

    @Test
    @DisplayName("BAD-01 a closed Cairn refuses every run with a typed error, and the store is unchanged")
    void closedCairnRefuses() {
        runs.execute("r", (run, none) -> null);
        LocalRuns.Stored before = runs.stored("r");
        runs.cairn.close();
        runs.cairn.close();
        List<ThrowingCallable> calls = List.of(
                () -> runs.cairn.run(nothing, "r", null),
                () -> runs.cairn.submit(nothing, "new", null),
                () -> runs.cairn.resume(nothing, "r"),
                () -> runs.cairn.retry(nothing, "r"),
                () -> runs.cairn.recover(nothing));

        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(StoreClosedException.class).hasMessageContaining("closed");
        }

        assertThat(runs.stored("r")).isEqualTo(before);
        assertThat(runs.exists("new")).isFalse();
    }

    @Test
    @DisplayName("BAD-01 a closed store is a typed error")
    void closedStoreIsATypedError() {
        Cairn cairn = Cairn.inMemory();
        cairn.close();

        assertThatThrownBy(() -> cairn.runs().read("r")).isInstanceOf(StoreClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "postgres", "mongodb", "mongodb+srv", "redis", "rediss", "libsql"})
    @DisplayName("BAD-01 a URL that no module opens names the module to add, and nothing else of the URL")
    void missingModuleIsNamed(String scheme) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cairn.open(scheme + "://user:" + SECRET + "@host/db?password=" + SECRET))
                .withMessageContainingAll(scheme + ":", "add dev.cairn:cairn-store-")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET, "user", "host"));
    }

    @Test
    @DisplayName("BAD-01 an unknown scheme lists the known ones")
    void unknownSchemeListsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cairn.open("oracle:" + SECRET))
                .withMessageContainingAll("oracle:", "sqlite", "postgresql", "mongodb", "redis")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "orders.db", "/var/4111-1111-1111", ":x", "1a:x", " sqlite:x", "jdbc:"})
    @DisplayName("BAD-01 a URL without a scheme is refused with an example, without the URL")
    void urlWithoutSchemeIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cairn.open(url))
                .withMessageContaining("sqlite:orders.db")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @Test
    @DisplayName("BAD-01 settings out of range are refused with value and range")
    void settingsOutOfRangeAreRefused() {
        Cairn.Builder builder = Cairn.builder(runs.store);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.lease(Duration.ofMillis(49)))
                .withMessageContainingAll("lease", "PT0.05S", "PT24H", "PT0.049S");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lease(Duration.ofDays(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.patience(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.unknownLimit(Duration.ofDays(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.closeWait(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.holder(" "));
    }

    @Test
    @DisplayName("BAD-01 recover refuses two workflows of one name and none at all")
    void recoverRefusesTwoOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runs.cairn.recover(nothing, nothing))
                .withMessageContainingAll("wf", "twice");
        assertThatIllegalArgumentException().isThrownBy(() -> runs.cairn.recover());
    }

    record Card(String number, int limit) {}

    record Strict(int number) {}

    @Test
    @DisplayName("BAD-04 no message, cause, toString or log line shows a payload, however it is refused")
    void noPayloadIsShown() {
        PrintStream err = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        List<Object> shown = new ArrayList<>();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            Workflow<Card, Card> echo = Workflow.named("echo")
                    .input(Card.class)
                    .output(Card.class)
                    .define((run, card) -> {
                        shown.add(run.tryStep("s", Card.class, step -> card));
                        shown.add(run.state());
                        shown.add(run.state().steps());
                        return card;
                    });
            shown.add(runs.cairn.execute(echo, "r", new Card(SECRET, 1)));
            shown.add(caught(() -> runs.cairn.run(echo, "r", new Card(SECRET + 2, 1))));
            Workflow<Strict, Strict> strict = Workflow.named("echo")
                    .input(Strict.class)
                    .output(Strict.class)
                    .define((run, card) -> card);
            shown.add(caught(() -> runs.cairn.resume(strict, "r")));
            shown.add(runs.execute("lossy", (run, none) -> {
                run.step("s", new TypeRef<List<?>>() {}, step -> List.of(new Card(SECRET, 1)));
                return null;
            }));
            shown.add(runs.execute("broken", (run, none) -> {
                run.step("s", RoundTripTest.Broken.class, step -> new RoundTripTest.Broken());
                return null;
            }));
            shown.add(runs.execute("data", (run, none) -> {
                shown.add(run.tryStep(
                        "s", Void.class, runs.throwing(new StepFailure("C", "m", new RoundTripTest.Broken()))));
                return null;
            }));
            shown.add(runs.state("r"));
            shown.add(runs.stored("r"));
        } finally {
            System.setErr(err);
        }

        assertThat(shown)
                .hasSizeGreaterThan(8)
                .allSatisfy(one -> assertThat(text(one)).doesNotContain("4111"));
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain("4111");
    }

    private static Throwable caught(ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    /** Whatever a logger would print. */
    private static String text(Object one) {
        StringWriter text = new StringWriter();
        Object shown = one instanceof RunResult.Blocked<?> blocked ? blocked.cause() : one;
        if (shown instanceof Throwable thrown) {
            thrown.printStackTrace(new PrintWriter(text));
        }
        return text + String.valueOf(one);
    }
}
