// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.DivergedException;
import dev.cairn.DuplicateKeyException;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunResult;
import dev.cairn.WorkflowBody;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** RUN: which steps code may ask for, and where. */
interface RunOrderClauses extends KitClauses {
    @Clause(
            id = "RUN-06",
            must =
                    "A divergence (step inserted, removed, reordered, renamed, or not asked for at completion) MUST be"
                            + " reported with both sides and leave the record as it was; steps added at the end MUST be accepted",
            why = "a value that one step returned is handed to another one, and nobody notices",
            usualFix = "hand the entries over in order of place, each with its own bytes")
    default void run_06_divergenceIsReported(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            a.execute("r", inOrder(a, "take", "pack", "mail").then(new IOException("again")));
            List<StepRecord> before = a.state("r").steps();

            diverges(trial, a, inOrder(a, "take", "weigh", "pack", "mail"), "inserted", "pack", "weigh");
            diverges(trial, a, inOrder(a, "take", "mail"), "removed", "pack", "mail");
            diverges(trial, a, inOrder(a, "pack", "take", "mail"), "reordered", "take", "pack");
            diverges(trial, a, inOrder(a, "take", "pack", "post"), "renamed", "mail", "post");
            diverges(trial, a, inOrder(a, "take", "pack"), "not asked for at completion", "mail", "nothing more");
            diverges(
                    trial,
                    a,
                    (run, order) -> {
                        run.parallel(group -> group.step("take", String.class, a.returns("t")));
                        return "done";
                    },
                    "asked for in a group",
                    "take",
                    "group");
            a.forgetWhatItDid();
            Ended longer = a.execute("r", inOrder(a, "take", "pack", "mail", "thank"));

            trial.that(longer.is(RunResult.Completed.class), "a step at the end accepted", longer);
            trial.equal("the bodies that ran are", List.of("thank"), a.ran());
            trial.equal(
                    "the first three steps are", before, a.state("r").steps().subList(0, 3));
        }
    }

    private static StepsInOrder inOrder(Worker worker, String... keys) {
        return new StepsInOrder(worker, List.of(keys), Optional.empty());
    }

    private static void diverges(
            Trial trial, Worker worker, WorkflowBody<String, String> body, String how, String expected, String asked) {
        ResumeState before = worker.state("r");
        worker.forgetWhatItDid();

        Ended ended = worker.execute("r", body);

        trial.that(ended.isBlockedBy(DivergedException.class), "a step " + how + " reported as a divergence", ended);
        trial.that(
                ended.message().contains(expected) && ended.message().contains(asked),
                "a report with both sides, " + expected + " and " + asked,
                "another one");
        trial.equal("the bodies that ran are", List.of(), worker.ran());
        ResumeState after = worker.state("r");
        trial.equal("the recorded steps are", before.steps(), after.steps());
        trial.equal("the revision is", before.revision(), after.revision());
    }

    @Clause(
            id = "RUN-08",
            must = "A key asked for twice in one execution MUST be refused, also when asked concurrently",
            why = "the second step gets the outcome of the first, and its work is never done",
            usualFix = "this is the engine's; a store that fails here mixes journals up")
    default void run_08_keyIsAskedForOnce(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            Ended twice = a.execute("r", inOrder(a, "take", "take"));
            trial.that(twice.isBlockedBy(DuplicateKeyException.class), "the second question refused", twice);
            trial.equal("the bodies that ran are", List.of("take"), a.ran());
            trial.equal("the recorded steps are", List.of("take"), a.recorded("r"));

            a.forgetWhatItDid();
            Ended replayed = a.execute("r", inOrder(a, "take", "take"));
            trial.that(replayed.isBlockedBy(DuplicateKeyException.class), "it refused on a replay too", replayed);
            trial.equal("the bodies of the replay are", List.of(), a.ran());

            Ended sideBySide = a.execute("s", (run, order) -> {
                run.parallel(group -> {
                    group.step("take", String.class, a.returns("one"));
                    group.step("take", String.class, a.returns("other"));
                });
                return "done";
            });
            trial.that(sideBySide.isBlockedBy(DuplicateKeyException.class), "it refused in one group", sideBySide);
            trial.equal("the bodies of the group are", List.of(), a.ran());
            trial.equal("the recorded steps are", List.of(), a.recorded("s"));
        }
    }

    @Clause(
            id = "RUN-13",
            must = "A step inside a step's body, from a foreign thread, or after the workflow returned MUST be refused",
            why = "the steps of a run come in another order each time, and its record fits no run of the code",
            usualFix = "this is the engine's; a store that fails here mixes journals up")
    default void run_13_stepsAreAskedForBetweenSteps(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            List<Run> kept = new ArrayList<>();
            List<Ended> asked = new ArrayList<>();
            Ended ended = a.execute("r", (run, order) -> {
                kept.add(run);
                run.step("take", String.class, step -> {
                    a.begun("take");
                    asked.add(inner(a, run));
                    asked.add(onAnotherThread(() -> inner(a, run)));
                    return "taken";
                });
                asked.add(onAnotherThread(() -> inner(a, run)));
                run.parallel(group -> group.step("member", String.class, step -> {
                    asked.add(inner(a, run));
                    return "member";
                }));
                return "done";
            });
            asked.add(inner(a, kept.get(0)));
            asked.add(Ended.of(() -> {
                kept.get(0).parallel(group -> group.step("inner", String.class, a.returns("inner")));
                return "ran";
            }));

            trial.that(ended.is(RunResult.Completed.class), "a workflow that goes on where it catches that", ended);
            trial.equal("so many steps were asked for where none may be:", 6, asked.size());
            for (Ended one : asked) {
                trial.that(one.is(IllegalStateException.class), "an IllegalStateException", one);
            }
            trial.equal("the bodies that ran are", List.of("take"), a.ran());
            trial.equal("the recorded steps are", List.of("take", "member"), a.recorded("r"));

            Ended uncaught = a.execute(
                    "s",
                    (run, order) -> run.step("take", String.class, step -> {
                        a.begun("take");
                        return run.step("inner", String.class, a.returns("inner"));
                    }));
            trial.that(uncaught.is(RunResult.Blocked.class), "the run blocked where nobody catches it", uncaught);
            trial.equal("the recorded steps are", List.of(), a.recorded("s"));
        }
    }

    private static Ended inner(Worker worker, Run run) {
        return Ended.of(() -> run.step("inner", String.class, worker.returns("inner")));
    }

    private static Ended onAnotherThread(Callable<Ended> call) {
        FutureTask<Ended> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "foreign");
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(e);
        } catch (ExecutionException e) {
            return new Ended(e);
        }
    }
}
