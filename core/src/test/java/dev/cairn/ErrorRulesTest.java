// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which exceptions are outcomes and which are attempts. */
class ErrorRulesTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    static List<Throwable> transientKinds() {
        return List.of(
                new IOException("io"),
                new FileNotFoundException("a subclass"),
                new UncheckedIOException(new IOException("io")),
                new SocketTimeoutException("slow"),
                new TimeoutException("slow"),
                new InterruptedException("stop"),
                new SQLTransientConnectionException("busy"),
                new SQLRecoverableException("gone"),
                new StoreUnavailableException("away"),
                new OutcomeUnknownException("lost"),
                new RunInterruptedException("other", new IOException()),
                new RunHeldException("other"),
                new OutOfMemoryError("full"),
                new StackOverflowError(),
                new NoClassDefFoundError("X"),
                new AssertionError("an Error too"),
                new CompletionException(new IOException("wrapped")),
                new ExecutionException(new InvocationTargetException(new TimeoutException("twice"))));
    }

    static List<Throwable> permanentKinds() {
        return List.of(
                new IllegalStateException("no"),
                new Exception("checked"),
                new SQLException("syntax"),
                new SQLIntegrityConstraintViolationException("twice"),
                new StepFailure("CODE", "no"),
                new CompletionException(new IllegalArgumentException("no")),
                new RuntimeException("an outcome, whatever its cause", new IOException("io")),
                new Circle());
    }

    /** A wrapper that wraps itself. */
    static final class Circle extends CompletionException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new Circle();
        }
    }

    private RunResult<?> failing(Workflow.Builder<Void, Void> workflow, StepOptions options, Throwable thrown) {
        return runs.cairn.execute(
                workflow.define((run, none) -> {
                    run.tryStep("s", TypeRef.of(String.class), options, runs.throwing(thrown));
                    return null;
                }),
                "r",
                null);
    }

    private RunResult<?> failing(Throwable thrown) {
        return failing(Workflow.named("wf"), StepOptions.none(), thrown);
    }

    @ParameterizedTest
    @MethodSource("transientKinds")
    @DisplayName(
            "RUN-05 what is transient by nature ends the execution as an attempt, and the body runs again on resume")
    void transientKindIsAnAttempt(Throwable thrown) {
        RunResult<?> result = failing(thrown);
        boolean flag = Thread.interrupted();

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Interrupted.class,
                        interrupted -> assertThat(interrupted.cause()).isSameAs(thrown));
        assertThat(runs.state("r").steps()).isEmpty();
        assertThat(runs.state("r").attempts("s").last().get(0).failure().type())
                .isEqualTo(thrown.getClass().getName());
        failing(thrown);
        assertThat(runs.ran).containsExactly("s", "s");
        assertThat(flag).as("interrupt flag").isEqualTo(thrown instanceof InterruptedException);
        assertThat(Thread.interrupted()).isEqualTo(flag);
    }

    @ParameterizedTest
    @MethodSource("permanentKinds")
    @DisplayName("RUN-05 every other exception is recorded, and the body does not run again")
    void otherKindIsRecorded(Throwable thrown) {
        RunResult<?> result = failing(thrown);

        assertThat(result).isInstanceOf(RunResult.Completed.class);
        assertThat(runs.state("r").isStepComplete("s")).isTrue();
        assertThat(runs.state("r").attempts("s").count()).isZero();
        failing(thrown);
        assertThat(runs.ran).containsExactly("s");
    }

    @Test
    @DisplayName("RUN-05 fails makes a transient exception an outcome, of a workflow and of a step")
    void failsMakesItAnOutcome() {
        ErrorRules ofWorkflow = ErrorRules.DEFAULT.failing(IOException.class);
        ErrorRules ofStep = StepOptions.none().fails(IOException.class).over(ErrorRules.DEFAULT);

        for (ErrorRules rules : List.of(ofWorkflow, ofStep)) {
            assertThat(rules.records(new FileNotFoundException())).isTrue();
            assertThat(rules.records(new IOException())).isTrue();
            assertThat(rules.records(new TimeoutException())).isFalse();
            assertThat(rules.records(new IllegalStateException())).isTrue();
        }
    }

    @Test
    @DisplayName("RUN-05 retries makes any exception an attempt, of a workflow and of a step")
    void retriesMakesItAnAttempt() {
        ErrorRules ofWorkflow = ErrorRules.DEFAULT.retrying(RuntimeException.class);
        ErrorRules ofStep = StepOptions.none().retries(RuntimeException.class).over(ErrorRules.DEFAULT);

        for (ErrorRules rules : List.of(ofWorkflow, ofStep)) {
            assertThat(rules.records(new IllegalStateException())).isFalse();
            assertThat(rules.records(new StepFailure("CODE", "no"))).isFalse();
            assertThat(rules.records(new Exception())).isTrue();
        }
    }

    @Test
    @DisplayName("RUN-05 what a step declares counts before what its workflow declares")
    void stepCountsBeforeWorkflow() {
        ErrorRules workflow = ErrorRules.DEFAULT.failing(IOException.class).retrying(IllegalStateException.class);
        ErrorRules step = StepOptions.none()
                .retries(IOException.class)
                .fails(IllegalStateException.class)
                .over(workflow);

        assertThat(step.records(new IOException())).isFalse();
        assertThat(step.records(new IllegalStateException())).isTrue();
        assertThat(workflow.records(new IOException())).isTrue();
    }

    @Test
    @DisplayName(
            "RUN-05 of two declarations in one place the narrower class counts; of one class declared both, retries")
    void narrowerDeclarationCounts() {
        ErrorRules allBut = ErrorRules.DEFAULT.retrying(Exception.class).failing(IllegalStateException.class);
        ErrorRules noneBut = ErrorRules.DEFAULT.failing(Exception.class).retrying(IOException.class);
        ErrorRules both = ErrorRules.DEFAULT.failing(IOException.class).retrying(IOException.class);

        assertThat(allBut.records(new IllegalStateException())).isTrue();
        assertThat(allBut.endsRun(new IllegalStateException())).isTrue();
        assertThat(allBut.records(new IllegalArgumentException())).isFalse();
        assertThat(noneBut.records(new FileNotFoundException())).isFalse();
        assertThat(noneBut.records(new TimeoutException())).isTrue();
        assertThat(both.records(new IOException())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-05 a policy decides what is not declared, and declarations stand under every policy")
    void policyDecidesTheRest(ErrorPolicy policy) {
        ErrorRules rules = ErrorRules.DEFAULT
                .failing(UncheckedIOException.class)
                .retrying(UnsupportedOperationException.class)
                .under(policy);
        List<Throwable> thrown = List.of(
                new IllegalStateException(), new IOException(), new OutOfMemoryError(), new StepFailure("C", "m"));

        assertThat(thrown.stream().map(rules::records).toList())
                .isEqualTo(
                        switch (policy) {
                            case RECORD_PERMANENT -> List.of(true, false, false, true);
                            case RECORD_ALL -> List.of(true, true, true, true);
                            case DECLARED_ONLY -> List.of(false, false, false, true);
                            case RETRY_ALL -> List.of(false, false, false, false);
                        });
        assertThat(rules.records(new UncheckedIOException(new IOException()))).isTrue();
        assertThat(rules.records(new UnsupportedOperationException())).isFalse();
    }

    @Test
    @DisplayName("RUN-05 a step's policy counts before its workflow's, whose declarations stand")
    void stepPolicyCountsBeforeWorkflowPolicy() {
        Workflow.Builder<Void, Void> workflow = Workflow.named("wf").policy(ErrorPolicy.RETRY_ALL);
        StepOptions all = StepOptions.none().policy(ErrorPolicy.RECORD_ALL);

        assertThat(failing(workflow, all, new IOException("io"))).isInstanceOf(RunResult.Completed.class);
        assertThat(all.over(ErrorRules.DEFAULT.retrying(IOException.class)).records(new IOException()))
                .isFalse();
        assertThat(runs.state("r").isStepComplete("s")).isTrue();
    }

    @Test
    @DisplayName(
            "RUN-05 outside a step a StepFailure and declared types end the run as failed, equal on every later ask")
    void declaredTypeEndsTheRun() {
        for (Throwable thrown : List.of(new StepFailure("OUT", "of stock"), new IllegalStateException("declared"))) {
            Workflow<Void, Void> workflow = Workflow.named("wf")
                    .fails(IllegalStateException.class)
                    .define((run, none) -> {
                        Sneaky.<RuntimeException>rethrow(thrown);
                        return null;
                    });
            String runId = thrown.getClass().getSimpleName();

            RunResult<Void> first = runs.cairn.execute(workflow, runId, null);
            RunResult<Void> again = runs.cairn.execute(workflow, runId, null);

            for (RunResult<Void> result : List.of(first, again)) {
                assertThat(result).isInstanceOfSatisfying(RunResult.Failed.class, failed -> {
                    assertThat(failed.failure().type())
                            .isEqualTo(thrown.getClass().getName());
                    assertThat(failed.failure().stepKey()).isEmpty();
                });
            }
        }
    }

    @Test
    @DisplayName("RUN-05 outside a step anything else is an attempt of the run, and its code runs again")
    void otherTypeIsAnAttemptOfTheRun() {
        for (Throwable thrown :
                List.of(new IllegalStateException("bug"), new Exception("checked"), new StackOverflowError())) {
            String runId = thrown.getClass().getSimpleName();
            WorkflowBody<Void, Void> body = (run, none) -> {
                run.step("before", step -> runs.ran.add(runId));
                Sneaky.<RuntimeException>rethrow(thrown);
                return null;
            };

            assertThat(runs.execute(runId, body)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(runs.execute(runId, body)).isInstanceOf(RunResult.Interrupted.class);

            assertThat(runs.state(runId).attempts("").count()).isEqualTo(2);
            assertThat(runs.ran).containsOnlyOnce(runId);
        }
    }
}
