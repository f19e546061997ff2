// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Code that asks for other steps than are recorded: reported with both sides, and the record is as it was. */
class DivergenceTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    /** Asks for steps, a parallel group where a name holds several keys; then fails or returns. */
    private WorkflowBody<Void, Void> asking(List<String> steps, boolean returns) {
        return (run, none) -> {
            for (String names : steps) {
                if (names.contains("+")) {
                    run.parallel(group -> List.of(names.split("\\+"))
                            .forEach(key -> group.step(key.trim(), String.class, runs.returns("value of " + key))));
                } else {
                    run.step(names, String.class, runs.returns("value of " + names));
                }
            }
            if (!returns) {
                throw new IOException("not done");
            }
            return null;
        };
    }

    static List<Arguments> divergences() {
        List<String> abc = List.of("a", "b", "c");
        List<String> group = List.of("a", "b + c", "d");
        return List.of(
                Arguments.of("inserted", abc, List.of("a", "x", "b", "c"), 1, "b", "x"),
                Arguments.of("inserted first", abc, List.of("x", "a", "b", "c"), 0, "a", "x"),
                Arguments.of("removed", abc, List.of("a", "c"), 1, "b", "c"),
                Arguments.of("reordered", abc, List.of("b", "a", "c"), 0, "a", "b"),
                Arguments.of("renamed", abc, List.of("a", "y", "c"), 1, "b", "y"),
                Arguments.of("the last renamed", abc, List.of("a", "b", "z"), 2, "c", "z"),
                Arguments.of("not asked for at completion", abc, List.of("a", "b"), 2, "c", "nothing more"),
                Arguments.of("nothing asked for", abc, List.of(), 0, "a", "nothing more"),
                Arguments.of("group taken apart", group, List.of("a", "b", "c", "d"), 1, "b, c", "b"),
                Arguments.of("single made a group", abc, List.of("a", "b + x", "c"), 1, "b", "b"),
                Arguments.of("member added to a finished group", group, List.of("a", "b + c + x", "d"), 1, "b, c", "x"),
                Arguments.of("member removed", group, List.of("a", "b + d"), 1, "b, c", "d"),
                Arguments.of("member not started", group, List.of("a", "b + x"), 1, "b, c", "x"),
                Arguments.of("fewer members", group, List.of("a", "b +"), 1, "b, c", "nothing more"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("divergences")
    @DisplayName("RUN-06 a divergence is reported with both sides and leaves the record as it was")
    void divergenceIsReported(
            String what, List<String> before, List<String> after, int position, String expected, String asked) {
        runs.execute("r", asking(before, false));
        LocalRuns.Stored recorded = runs.stored("r");
        runs.ran.clear();

        RunResult<?> result = runs.execute("r", asking(after, true));

        assertThat(result)
                .as(what)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(DivergedException.class)
                                .hasMessageContainingAll(
                                        "run r", "at position " + position + ":", "The record is as it was")
                                .message()
                                .containsPattern("expected " + expected.replace("b, c", "(b, c|c, b)") + "\n")
                                .containsPattern("asked    " + asked + "\n")
                                .doesNotContain("value of"));
        assertThat(runs.ran).as("bodies run").isEmpty();
        assertThat(runs.stored("r").record()).isEqualTo(recorded.record());
        assertThat(runs.stored("r").lease()).isEmpty();
    }

    @Test
    @DisplayName("RUN-06 a diverged run is blocked with the report as reason, and goes on with the old code")
    void oldCodeGoesOn() {
        runs.execute("r", asking(List.of("a", "b"), false));
        runs.execute("r", asking(List.of("b", "a"), true));

        assertThat(runs.stored("r").head().status()).isEqualTo(dev.cairn.state.RunStatus.BLOCKED);
        assertThat(runs.stored("r").head().reason()).contains("diverged at position 0");
        assertThatThrownBy(() ->
                        runs.cairn.run(Workflow.named("wf").define(asking(List.of("b", "a"), true)), "r", null))
                .isInstanceOf(DivergedException.class);

        assertThat(runs.execute("r", asking(List.of("a", "b"), true))).isInstanceOf(RunResult.Completed.class);
        assertThat(runs.ran).containsExactly("a", "b");
    }

    @Test
    @DisplayName("RUN-06 steps added at the end are accepted, groups too")
    void stepsAtTheEndAreAccepted() {
        runs.execute("r", asking(List.of("a", "b"), false));
        runs.ran.clear();

        RunResult<?> result = runs.execute("r", asking(List.of("a", "b", "c", "d + e", "f"), true));

        assertThat(result).isInstanceOf(RunResult.Completed.class);
        assertThat(runs.ran).containsExactlyInAnyOrder("c", "d", "e", "f");
    }

    @Test
    @DisplayName("RUN-06 a group that was cut before its last member goes on with the others")
    void cutGroupGoesOn() {
        runs.execute("r", asking(List.of("a", "b + c"), false));
        runs.ran.clear();

        RunResult<?> result = runs.execute("r", asking(List.of("a", "d + c + b"), true));

        assertThat(result).isInstanceOf(RunResult.Completed.class);
        assertThat(runs.ran).containsExactly("d");
    }

    @Test
    @DisplayName(
            "RUN-06 a workflow that fails before it asked for all recorded steps is a divergence, and not a failed run")
    void failureBeforeAllAskedIsADivergence() {
        runs.execute("r", asking(List.of("a", "b"), false));

        RunResult<?> result = runs.execute("r", (run, none) -> {
            throw new StepFailure("EARLY", "before b");
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause()).isInstanceOf(DivergedException.class));
        assertThat(runs.state("r").end()).isEmpty();
    }

    @Test
    @DisplayName("RUN-06 the report of a long run names some keys and counts the others")
    void reportOfALongRunIsShort() {
        List<String> many = IntStream.range(0, 3_000).mapToObj(i -> "step-" + i).toList();
        runs.execute("r", asking(many, false));

        RunResult<?> result = runs.execute("r", asking(List.of("other"), true));

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .hasMessageContaining("and 2980 more")
                                .message()
                                .hasSizeLessThan(2_000));
    }
}
