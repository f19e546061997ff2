// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunCancelledException;
import dev.cairn.RunResult;
import dev.cairn.RunStopped;
import dev.cairn.WorkflowBody;
import dev.cairn.spi.Acquire;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** RUN: when nothing of an execution may start any more. */
interface RunFenceClauses extends KitClauses {
    @Clause(
            id = "RUN-04",
            must = "After a lost lease, an unknown commit, a cancel or a suspension no further body MUST start in that"
                    + " execution, catch (Exception) and finally blocks of the workflow included",
            why = "a worker that was superseded refunds what its replacement has just charged",
            usualFix = "answer a commit under a superseded lease with what stands in its place, never with written")
    default void run_04_nothingStartsInEndedExecution(Trial trial) {
        Instance instance = trial.open("A");
        Instance other = trial.open("B");
        for (Blow blow : Blow.values()) {
            String run = "the execution that met " + blow;
            String id = blow.name();
            try (Worker a = Worker.on(instance, builder -> builder.unknownLimit(Duration.ZERO));
                    Worker b = Worker.on(other, builder -> builder)) {
                List<Ended> later = new ArrayList<>();

                Ended ended = a.execute(id, stubborn(a, b, blow, later));

                trial.equal(run + " began the bodies", List.of("first", "second"), a.ran());
                trial.equal(run + " asked later for so many steps:", 6, later.size());
                for (Ended one : later) {
                    trial.that(one.is(RunStopped.class), run + " to be told that it has ended", one);
                }
                trial.that(
                        !ended.is(RunResult.Completed.class) && !ended.is(RunResult.Failed.class),
                        run + " not to end the run by itself",
                        ended);
                List<String> recorded = b.recorded(id);
                trial.that(
                        List.of("first", "second").containsAll(recorded), "no step recorded that came later", recorded);
                trial.that(
                        b.state(id).status() != RunStatus.COMPLETED,
                        "a run that has not completed",
                        b.state(id).status());
            }
        }
    }

    /** Goes on after its end wherever code can. */
    private static WorkflowBody<String, String> stubborn(Worker a, Worker b, Blow blow, List<Ended> later) {
        return (run, order) -> {
            run.step("first", String.class, a.returns("1"));
            try {
                run.step("second", step -> {
                    a.begun("second");
                    blow.fall(a, b);
                });
                run.step("third", String.class, a.returns("3"));
            } catch (Exception e) {
                a.begun("handler");
            } catch (Throwable e) {
                later.addAll(refunds(a, run));
            } finally {
                later.addAll(refunds(a, run));
            }
            return "done";
        };
    }

    private static List<Ended> refunds(Worker worker, Run run) {
        return List.of(
                Ended.of(() -> run.step("refund", String.class, worker.returns("r"))),
                Ended.of(() -> run.tryStep("other refund", String.class, worker.returns("r"))),
                Ended.of(() -> {
                    run.parallel(group -> group.step("member", String.class, worker.returns("r")));
                    return "ran";
                }));
    }

    @Clause(
            id = "RUN-12",
            must = "After a cancel the workflow MUST stop at its next step, and the run MUST stay cancelled",
            why = "an order that was cancelled is shipped",
            usualFix = "a cancel takes the run over by a grant, like everybody else, and then writes its end")
    default void run_12_cancelledRunStops(Trial trial) {
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B")) {
            List<Ended> cancels = new ArrayList<>();
            Ended ended = a.execute("r", (run, order) -> {
                run.step("first", String.class, a.returns("1"));
                cancels.add(Ended.of(() -> b.cairn().runs().cancel("r")));
                run.step("second", String.class, a.returns("2"));
                return run.step("third", String.class, a.returns("3"));
            });

            trial.equal("the cancel answers", List.of(new Ended(RunStatus.CANCELLED)), cancels);
            trial.that(ended.is(RunResult.Cancelled.class), "an execution that was cancelled", ended);
            trial.that(!a.ran().contains("third"), "no body behind the next step", a.ran());
            trial.equal("the recorded steps are", List.of("first"), b.recorded("r"));
            a.forgetWhatItDid();
            Seen before = b.instance().read("r");
            WorkflowBody<String, String> again = (run, order) -> run.step("again", String.class, a.returns("4"));
            List<Ended> later =
                    List.of(a.execute("r", again), Ended.of(() -> a.cairn().resume(Worker.workflow(again), "r")));
            int claimed = a.cairn().recover(Worker.workflow(again));

            trial.that(later.get(0).is(RunResult.Cancelled.class), "a run that stays cancelled", later.get(0));
            trial.that(later.get(1).is(RunCancelledException.class), "a resume told that it is", later.get(1));
            trial.equal("so many runs were claimed:", 0, claimed);
            trial.equal("the bodies that ran are", List.of(), a.ran());
            trial.equal(
                    "the entries are", before.entries(), b.instance().read("r").entries());
            trial.equal("the status is", RunStatus.CANCELLED, b.state("r").status());
        }
    }

    @Clause(
            id = "RUN-16",
            must = "A store given a connection that is inside a transaction MUST refuse it",
            why = "the store says that a step is recorded, and the caller's roll-back takes it away",
            usualFix = "refuse a connection whose auto-commit is off, before anything is sent")
    default void run_16_connectionInTransactionIsRefused(Trial trial) {
        try (Worker worker = Worker.open(trial, "A")) {
            worker.execute("r", (run, order) -> run.step("first", String.class, worker.returns("1")));
            ResumeState before = worker.state("r");

            trial.throwing(
                    IllegalStateException.class,
                    "a connection inside a transaction refused, when opened or at once",
                    () -> {
                        Instance inside = trial.openInsideTransaction("inside");
                        return inside.store().acquire(Requests.acquire("s", new Acquire.Create(Requests.newRun())));
                    });

            trial.equal("the run is", before, worker.state("r"));
            trial.that(worker.instance().find("s").isEmpty(), "no run of the refused store", "one");
        }
    }

    @Clause(
            id = "RUN-18",
            must =
                    "A holder whose host slept longer than its lease MUST start no body before it has renewed (both clocks"
                            + " injected)",
            why = "a laptop that was closed over night charges in the morning what another worker charged long ago",
            usualFix = "a renewal answers with the time that is left, and lost where another lease stands")
    default void run_18_sleeperRenewsFirst(Trial trial) {
        Instance instance = trial.open("A");
        Instance other = trial.open("B");
        for (HostClocks.Shown shown : HostClocks.Shown.values()) {
            for (boolean superseded : List.of(false, true)) {
                sleeps(trial, instance, other, shown, superseded);
            }
        }
    }

    private static void sleeps(
            Trial trial, Instance instance, Instance other, HostClocks.Shown shown, boolean superseded) {
        HostClocks clocks = new HostClocks();
        String runId = shown + (superseded ? "-taken" : "");
        try (Worker a = Worker.on(instance, builder -> builder.clocks(clocks, clocks::nanos))) {
            Ended ended = a.execute(runId, (run, order) -> {
                run.step("first", String.class, a.returns("1"));
                shown.show(clocks, Requests.LASTING.multipliedBy(2));
                if (superseded) {
                    other.supersede(runId);
                }
                return run.step("second", String.class, a.returns("2"));
            });

            String what = "of a host that slept, shown " + shown + ", the requests and bodies are";
            List<String> renewed =
                    List.of("acquire", "body first", "append", "renew", "body second", "append", "settle");
            if (superseded) {
                trial.equal(what, renewed.subList(0, 4), a.all().subList(0, 4));
                trial.equal("the bodies that began are", List.of("first"), a.ran());
                trial.that(!ended.is(RunResult.Completed.class), "a holder that was superseded told so", ended);
                trial.equal("the recorded steps are", List.of("first"), a.recorded(runId));
            } else {
                trial.equal(what, renewed, a.all());
            }
        }
    }
}
