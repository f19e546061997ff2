// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.state.Attempt;
import dev.cairn.state.Failure;
import dev.cairn.state.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tries that ended without an outcome: kept, counted, and spread out in time. */
class AttemptsTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    private WorkflowBody<Void, Void> succeedingAt(int attempt) {
        return (run, none) -> {
            run.step("before", step -> {});
            run.step("flaky", Long.class, step -> {
                if (step.attempt() < attempt) {
                    throw new IOException("try " + step.attempt());
                }
                return step.attempt();
            });
            return null;
        };
    }

    @Test
    @DisplayName("ERR-02 attempts are readable beside a later success: the last 10 in order, and the count")
    void attemptsAreReadableBesideSuccess() {
        for (int i = 0; i < 13; i++) {
            runs.execute("r", succeedingAt(13));
        }

        Attempts attempts = runs.state("r").attempts("flaky");
        assertThat(runs.state("r").isStepComplete("flaky")).isTrue();
        assertThat(attempts.count()).isEqualTo(12);
        assertThat(attempts.last().stream().map(Attempt::number))
                .containsExactlyElementsOf(LongStream.rangeClosed(3, 12).boxed().toList());
        assertThat(attempts.last().stream().map(attempt -> attempt.failure().message()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(3, 12).mapToObj(n -> "try " + n).toList());
        assertThat(runs.state("r").attempts("before")).isEqualTo(Attempts.NONE);
    }

    @Test
    @DisplayName("ERR-02 attempts survive a saved state with their count")
    void attemptsSurviveASavedState() {
        for (int i = 0; i < 12; i++) {
            runs.execute("r", succeedingAt(20));
        }

        ResumeState loaded = ResumeState.fromJson(runs.state("r").toJson());

        assertThat(loaded.attempts("flaky")).isEqualTo(runs.state("r").attempts("flaky"));
        assertThat(loaded.attempts("flaky").count()).isEqualTo(12);
    }

    @Test
    @DisplayName("ERR-01 an attempt keeps its number, its time by the store's clock and its failure")
    void attemptKeepsWhatHappened() {
        runs.execute("r", succeedingAt(9));

        assertThat(runs.state("r").attempts("flaky").last()).singleElement().satisfies(attempt -> {
            assertThat(attempt.key()).isEqualTo("flaky");
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(attempt.at()).isEqualTo(runs.clock.instant());
            assertThat(attempt.failure().type()).isEqualTo("java.io.IOException");
            assertThat(attempt.failure().is(Exception.class)).isTrue();
        });
    }

    @Test
    @DisplayName("RUN-05 a run that was tried is due later each time: 1 s, doubling")
    void runIsDueLaterEachTime() {
        List<Duration> delays = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            runs.execute("r", succeedingAt(20));
            Instant due = runs.stored("r").head().due().orElseThrow();
            delays.add(Duration.between(runs.clock.instant(), due));
        }

        // The first execution records a step; the grants after it count.
        assertThat(delays).containsExactly(seconds(1), seconds(1), seconds(2), seconds(4));
        assertThat(runs.stored("r").head().status()).isEqualTo(RunStatus.READY);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    @DisplayName("RUN-05 recover leaves a run alone until it is due again")
    void recoverWaitsUntilDue() {
        Workflow<Void, Void> workflow = Workflow.named("wf").define(succeedingAt(20));
        runs.cairn.execute(workflow, "r", null);

        assertThat(runs.cairn.recover(workflow)).isZero();
        runs.clock.advance(Duration.ofMillis(999));
        assertThat(runs.cairn.recover(workflow)).isZero();
        runs.clock.advance(Duration.ofMillis(1));

        assertThat(runs.cairn.recover(workflow)).isEqualTo(1);
        assertThat(runs.state("r").attempts("flaky").count()).isEqualTo(2);
    }

    @Test
    @DisplayName("RUN-05 five attempts without progress block the run, with a reason, until a person resumes it")
    void fiveAttemptsBlock() {
        Workflow<Void, Void> workflow = Workflow.named("wf").define(failingFirst());
        for (int i = 0; i < 5; i++) {
            assertThat(runs.cairn.execute(workflow, "r", null)).isInstanceOf(RunResult.Interrupted.class);
        }

        assertThat(runs.stored("r").head().status()).isEqualTo(RunStatus.BLOCKED);
        assertThat(runs.stored("r").head().reason())
                .contains("5 attempts without progress", "step first", "java.io.IOException");
        assertThat(runs.stored("r").head().due()).isEmpty();
        runs.clock.advance(Duration.ofDays(1000));
        assertThat(runs.cairn.recover(workflow)).isZero();
        assertThat(runs.cairn.execute(Workflow.named("wf").define((run, none) -> null), "r", null))
                .isInstanceOf(RunResult.Completed.class);
    }

    private WorkflowBody<Void, Void> failingFirst() {
        return (run, none) -> {
            run.step("first", step -> {
                throw new IOException("4111-secret");
            });
            return null;
        };
    }

    @Test
    @DisplayName("RUN-05 progress begins the count of attempts anew")
    void progressBeginsAnew() {
        for (int i = 0; i < 4; i++) {
            runs.execute("r", failingFirst());
        }
        runs.execute("r", (run, none) -> {
            run.step("first", step -> {});
            run.step("second", step -> {
                throw new IOException();
            });
            return null;
        });

        assertThat(runs.stored("r").head().status()).isEqualTo(RunStatus.READY);
        assertThat(runs.state("r").attempts("first").count()).isEqualTo(4);
    }

    @Test
    @DisplayName("ERR-02 of many attempts the last 10 are kept, oldest first")
    void lastTenAreKept() {
        Failure failure = new Failure("T", List.of(), "", "", Optional.empty(), List.of());
        Attempts attempts = Attempts.NONE;

        for (long n = 1; n <= 25; n++) {
            attempts = attempts.and(new Attempt("k", n, Instant.EPOCH, failure));
        }

        assertThat(attempts.count()).isEqualTo(25);
        assertThat(attempts.last()).hasSize(Attempts.KEPT);
        assertThat(attempts.last().get(0).number()).isEqualTo(16);
    }
}
