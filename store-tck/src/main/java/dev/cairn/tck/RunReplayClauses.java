// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Key;
import dev.cairn.RunResult;
import dev.cairn.StepOptions;
import dev.cairn.TypeRef;
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

/** RUN: what is recorded is answered from the record. */
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
