// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Outcome;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunResult;
import dev.cairn.StepBody;
import dev.cairn.StepFailedException;
import dev.cairn.StepFailure;
import dev.cairn.TypeRef;
import dev.cairn.Workflow;
import dev.cairn.WorkflowBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RUN: which failures are recorded, and how they are thrown again. */
interface RunFailureClauses extends KitClauses {
    @Clause(
            id = "RUN-03",
            must =
                    "A failure MUST be thrown as StepFailedException with equal type names, code, message, data and causes"
                            + " on the first run and on every replay",
            why = "a workflow that handles a declined card on its first run does not handle it on the second",
            usualFix = "hand every byte of an entry back as it came")
    default void run_03_failureIsTheRecordedOne(Trial trial) {
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B")) {
            List<StepFailedException> first = new ArrayList<>();
            List<StepFailedException> replayed = new ArrayList<>();
            Ended failed = a.execute("r", failing(a, first));

            Ended again = b.execute("r", failing(b, replayed));
            a.execute("open", interrupted(failing(a, new ArrayList<>())));
            b.execute("open", interrupted(failing(b, replayed)));

            trial.equal("what the steps threw is", wanted(), said(first));
            trial.equal("what they threw on a replay is", said(first), said(replayed));
            trial.equal("the bodies of the replay are", List.of(), b.ran());
            for (Ended ended : List.of(failed, again)) {
                trial.that(ended.is(RunResult.Failed.class), "a run that failed", ended);
                StepFailedException end = (StepFailedException) ended.cause().orElseThrow();
                trial.equal(
                        "the run failed by",
                        said(first).get(0),
                        said(List.of(end)).get(0));
            }
        }
    }

    /** Fails three times, and ends with the first of the failures. */
    private static WorkflowBody<String, String> failing(Worker worker, List<StepFailedException> seen) {
        return (run, order) -> {
            StepFailure declined = new StepFailure("DECLINED", "card \uD83D\uDCB3 declined", Map.of("limit", 10));
            declined.initCause(new IllegalStateException("over", new ArithmeticException("10 < 11")));
            seen.add(failureOf(run, "charge", worker.throwing(() -> declined)));
            seen.add(failureOf(run, "parse", worker.throwing(() -> new NumberFormatException("x"))));
            seen.add(failureOf(run, "bare", worker.throwing(() -> new IllegalStateException())));
            throw seen.get(seen.size() - 3);
        };
    }

    private static StepFailedException failureOf(Run run, String key, StepBody<String> body) {
        try {
            run.step(key, String.class, body);
        } catch (StepFailedException thrown) {
            return thrown;
        }
        throw new IllegalStateException("step " + key + " did not fail");
    }

    private static WorkflowBody<String, String> interrupted(WorkflowBody<String, String> body) {
        return (run, order) -> {
            try {
                return body.run(run, order);
            } catch (StepFailedException failed) {
                throw new IOException(failed);
            }
        };
    }

    private static List<String> wanted() {
        String illegal = IllegalStateException.class.getName();
        String number = NumberFormatException.class.getName();
        return List.of(
                "charge: " + StepFailure.class.getName() + ", argument false, runtime true, DECLINED,"
                        + " card \uD83D\uDCB3 declined, Optional[{limit=10}]; " + illegal + ": over; "
                        + ArithmeticException.class.getName() + ": 10 < 11",
                "parse: " + number + ", argument true, runtime true, , x, Optional.empty",
                "bare: " + illegal + ", argument false, runtime true, , , Optional.empty");
    }

    /** All that a workflow can learn of a failure. */
    private static List<String> said(List<StepFailedException> failures) {
        return failures.stream()
                .map(failure -> failure.stepKey() + ": " + failure.type() + ", argument "
                        + failure.is(IllegalArgumentException.class) + ", runtime "
                        + failure.is(RuntimeException.class) + ", " + failure.code() + ", " + failure.getMessage()
                        + ", " + failure.data(Map.class) + causes(failure))
                .limit(3)
                .toList();
    }

    private static String causes(Throwable thrown) {
        StringBuilder said = new StringBuilder();
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            said.append("; ").append(cause);
        }
        return said.toString();
    }

    @Clause(
            id = "RUN-05",
            must =
                    "A transient error MUST end the execution unrecorded as outcome, recorded as attempt, and the body MUST"
                            + " run again on resume; every other exception MUST be recorded and replayed; declarations and"
                            + " policies MUST change exactly what they say",
            why =
                    "a network that fails for a second fails the run for good, or a declined card is charged again and again",
            usualFix = "settle writes the entry of an attempt like any other, before it changes the head")
    default void run_05_transientErrorIsAnAttempt(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            List<String> outcomes = new ArrayList<>();
            Workflow<String, String> workflow = failingOnce(a, outcomes);
            List<BodyFault> attempts = BodyFault.all().stream()
                    .filter(fault -> !fault.isRecorded())
                    .toList();
            for (BodyFault fault : attempts) {
                Ended ended = a.execute("r", workflow);

                String what = "what the body of step \"" + fault.name() + "\" threw ";
                trial.that(ended.is(RunResult.Interrupted.class), what + "to end the execution", ended);
                List<String> ran = a.ran();
                trial.equal("the last body that began is", fault.name(), ran.get(ran.size() - 1));
                ResumeState state = a.state("r");
                trial.that(!state.isStepComplete(fault.name()), what + "not recorded as outcome", "recorded");
                trial.equal(
                        what + "is recorded as so many attempts:",
                        1L,
                        state.attempts(fault.name()).count());
            }
            outcomes.clear();
            Ended last = a.execute("r", workflow);

            trial.that(last.is(RunResult.Completed.class), "a run that completes when it is tried again", last);
            List<String> wanted = BodyFault.all().stream()
                    .map(fault -> fault.name() + (fault.isRecorded() ? " failed" : " was tried again"))
                    .toList();
            for (int i = 0; i < wanted.size(); i++) {
                trial.equal("a step", wanted.get(i), outcomes.get(i));
            }
            trial.equal(
                    "so many bodies ran:",
                    BodyFault.all().size() + attempts.size(),
                    a.ran().size());
        }
    }

    /** The body of each step throws at its first try, and returns at its second. */
    private static Workflow<String, String> failingOnce(Worker worker, List<String> outcomes) {
        return Workflow.named(Requests.WORKFLOW)
                .input(String.class)
                .output(String.class)
                .retries(ArithmeticException.class)
                .define((run, order) -> {
                    for (BodyFault fault : BodyFault.all()) {
                        Outcome<String> outcome =
                                run.tryStep(fault.name(), TypeRef.of(String.class), fault.options(), step -> {
                                    boolean first = step.attempt() == 1;
                                    return first
                                            ? worker.<String>throwing(fault.thrown())
                                                    .run(step)
                                            : worker.returns("was tried again").run(step);
                                });
                        outcomes.add(
                                fault.name() + " " + (outcome instanceof Outcome.Failed ? "failed" : outcome.get()));
                    }
                    return "done";
                });
    }
}
