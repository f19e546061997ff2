// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Key;
import dev.cairn.Outcome;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunResult;
import dev.cairn.StepBody;
import dev.cairn.StepFailedException;
import dev.cairn.StepFailure;
import dev.cairn.StepOptions;
import dev.cairn.TypeRef;
import dev.cairn.Workflow;
import dev.cairn.WorkflowBody;
import dev.cairn.cache.StepCache;
import dev.cairn.error.CodecException;
import dev.cairn.spi.Ability;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** RUN: what is recorded is answered from the record, and what does not fit it is refused. */
interface RunReplayClauses extends KitClauses {
    @Clause(
            id = "RUN-01",
            must = "A replayed step MUST NOT run its body, and costs no request",
            why = "a resumed run charges the customer again, and one with 10,000 steps takes minutes to resume",
            usualFix = "a grant hands over the first page of the journal, with every entry that counts")
    default void run_01_replayRunsNoBody(Trial trial) {
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B")) {
            List<String> before = new ArrayList<>();
            for (int steps : List.of(2, 20)) {
                a.execute("with-" + steps, everyKindOfStep(a, steps, true));
                trial.that(a.ran().size() == steps + 4, (steps + 4) + " bodies at first", a.ran());
                a.forgetWhatItDid();

                Ended replay = b.execute("with-" + steps, everyKindOfStep(b, steps, true));

                trial.equal("the bodies that a replay runs are", List.of(), b.ran());
                trial.that(replay.isInterruptedBy(IOException.class), "the same end as before", replay);
                trial.that(
                        before.isEmpty() || before.equals(b.sent()),
                        "as many requests with 20 steps as with 2: " + before,
                        b.sent());
                before = b.sent();
                b.forgetWhatItDid();
            }
            trial.equal("a replay sends", List.of("acquire", "settle"), before);

            a.execute("with-20", everyKindOfStep(a, 20, false));
            Ended again = b.execute("with-20", everyKindOfStep(b, 20, false));
            trial.that(again.is(RunResult.Completed.class), "the recorded result of a completed run", again);
            trial.equal("the bodies of a completed run are", List.of(), b.ran());
            trial.equal("a completed run is asked for by", List.of("acquire"), b.sent());
        }
    }

    private static WorkflowBody<String, String> everyKindOfStep(Worker worker, int steps, boolean interrupted) {
        return (run, order) -> {
            for (int i = 0; i < steps; i++) {
                run.step(Key.key("count", i), Integer.class, worker.returns(i));
            }
            run.step("mail", step -> worker.begun("mail"));
            run.tryStep("declined", Integer.class, worker.throwing(() -> new IllegalStateException("no")));
            run.parallel(group -> {
                group.step("left", String.class, worker.returns("l"));
                group.step("right", String.class, worker.returns("r"));
            });
            if (interrupted) {
                throw new IOException("again");
            }
            return "done";
        };
    }

    @Clause(
            id = "RUN-02",
            must =
                    "The value that step returns MUST be equal on the first run and on every replay; one that cannot be MUST"
                            + " be refused at the first run, naming step, type and path",
            why = "a workflow takes another way on its second run than on its first",
            usualFix = "hand every byte of an entry back as it came")
    default void run_02_valueIsTheRecordedOne(Trial trial) {
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B")) {
            List<Object> first = new ArrayList<>();
            List<Object> replayed = new ArrayList<>();
            a.execute("r", returningValues(a, first));

            b.execute("r", returningValues(b, replayed));

            trial.equal("the number of values is", 6, first.size());
            trial.equal("the values of the replay are", first, replayed);
            trial.equal("the bodies of the replay are", List.of(), b.ran());
            RunValues.Unreadable unreadable = RunValues.unreadable();
            refusedValue(trial, a, "ids", TypeRef.of(List.class), List.of(new UUID(1, 2)), "java.util.List", "$[0]");
            refusedValue(
                    trial,
                    a,
                    "counts",
                    new TypeRef<List<RunValues.Creeping>>() {},
                    List.of(new RunValues.Creeping()),
                    "Creeping",
                    "$[0].count");
            refusedValue(trial, a, "size", TypeRef.of(RunValues.Unreadable.class), unreadable, "Unreadable", "$");
        }
    }

    private static WorkflowBody<String, String> returningValues(Worker worker, List<Object> seen) {
        return (run, order) -> {
            List<String> kept = new ArrayList<>(List.of("a", " \uD83C\uDF75 e\u0301\r\n"));
            Instant at = Instant.parse("1969-12-31T23:59:59.999999999Z");
            RunValues.Item item =
                    new RunValues.Item("tea", new BigDecimal("1.10"), Optional.empty(), at, TimeUnit.DAYS);
            RunValues.Item bare = new RunValues.Item("", new BigDecimal("1E+3"), Optional.of(""), null, TimeUnit.DAYS);
            seen.add(run.step("texts", new TypeRef<List<String>>() {}, worker.returns(kept)));
            kept.add("changed by the body after it returned");
            seen.add(run.step("long", Long.class, worker.returns((1L << 53) + 1)));
            seen.add(run.step("items", new TypeRef<List<RunValues.Item>>() {}, worker.returns(List.of(item, bare))));
            seen.add(run.step(
                    "days", new TypeRef<Map<LocalDate, Double>>() {}, worker.returns(Map.of(LocalDate.MAX, 0.1))));
            seen.add(run.step("bytes", String.class, worker.returns("\u0000\uFFFF")));
            seen.add(run.step("none", new TypeRef<Optional<RunValues.Item>>() {}, worker.returns(Optional.empty())));
            throw new IOException("again");
        };
    }

    private static <T> void refusedValue(
            Trial trial, Worker worker, String key, TypeRef<T> type, T value, String typeName, String path) {
        worker.forgetWhatItDid();
        Ended ended = worker.execute(key, (run, order) -> {
            run.step(key, type, worker.returns(value));
            return run.step("later", String.class, worker.returns("later"));
        });

        trial.that(ended.isBlockedBy(CodecException.class), "a value that changes when it is read back refused", ended);
        trial.that(
                ended.message().contains(key)
                        && ended.message().contains(typeName)
                        && ended.message().contains(path),
                "a message that names step " + key + ", type " + typeName + " and path " + path,
                "another one");
        trial.equal("the bodies that ran are", List.of(key), worker.ran());
        trial.equal("the recorded steps are", List.of(), worker.recorded(key));
        trial.equal("the run is", RunStatus.BLOCKED, worker.state(key).status());
    }

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

    @Clause(
            id = "RUN-15",
            must = "A hit in a step cache MUST be recorded in the journal; replay MUST NOT look at the cache",
            why = "a run that is resumed a week later goes on with another price than the one it began with",
            usualFix = "keep the cache apart from the journals")
    default void run_15_cacheHitIsRecorded(Trial trial) {
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B")) {
            hitIsRecorded(trial, a, b, StepCache.inMemory().build(), "memory");
            if (trial.declares(Ability.STEP_CACHE)) {
                hitIsRecorded(trial, a, b, a.cairn().stepCache("prices").build(), "stored");
            }
        }
    }

    private static void hitIsRecorded(Trial trial, Worker a, Worker b, StepCache cache, String kind) {
        List<Integer> seen = new ArrayList<>();
        a.forgetWhatItDid();
        a.execute(kind + "-loads", pricing(a, cache, 42, seen));
        a.execute(kind + "-hits", pricing(a, cache, 43, seen));

        trial.equal("the values of two runs with one cache are", List.of(42, 42), seen);
        trial.equal("the bodies that ran are", List.of("price"), a.ran());
        trial.equal(
                "the step whose body ran comes from",
                Optional.of(StepRecord.Source.BODY),
                a.state(kind + "-loads").step("price").map(StepRecord::source));
        trial.equal(
                "the step that was cached is recorded, and comes from",
                Optional.of(StepRecord.Source.CACHE),
                a.state(kind + "-hits").step("price").map(StepRecord::source));
        cache.put("price", new StepOutcome.Value(Bytes.utf8("44")));
        b.forgetWhatItDid();
        b.execute(kind + "-loads", pricing(b, cache, 45, seen));
        cache.delete("price");
        b.execute(kind + "-hits", pricing(b, cache, 45, seen));

        trial.equal("with the values of two replays they are", List.of(42, 42, 42, 42), seen);
        trial.equal("the bodies of the replays are", List.of(), b.ran());
        trial.equal("the replays send", List.of("acquire", "settle", "acquire", "settle"), b.sent());
    }

    private static WorkflowBody<String, String> pricing(Worker worker, StepCache cache, int price, List<Integer> seen) {
        return (run, order) -> {
            StepOptions cached = StepOptions.none().cachedIn(cache);
            seen.add(run.step("price", Integer.class, cached, worker.returns(price)));
            throw new IOException("again");
        };
    }
}
