// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.DifferentInputException;
import dev.cairn.ResumeState;
import dev.cairn.RunResult;
import dev.cairn.VersionNotAcceptedException;
import dev.cairn.Workflow;
import dev.cairn.spi.StoreOptions;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** RUN: which run it is: its input, its version, its keys. */
interface RunIdentityClauses extends KitClauses {
    @Clause(
            id = "RUN-09",
            must = "A different input for the same run id MUST be refused without running anything; an input that only"
                    + " gained an optional field MUST NOT be",
            why = "a caller gets the result of somebody else's order",
            usualFix = "hand over the first entry with every grant, and with every refusal of an ended run")
    default void run_09_otherInputIsRefused(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            for (boolean completes : List.of(true, false)) {
                String id = completes ? "ended" : "open";
                Ended.of(() -> a.cairn()
                        .execute(taking(a, RunValues.Order.class, completes), id, new RunValues.Order("ann", 10)));
                ResumeState before = a.state(id);
                a.forgetWhatItDid();
                RunValues.Order other = new RunValues.Order("ann", 11);

                Ended run = Ended.of(() -> a.cairn().execute(taking(a, RunValues.Order.class, true), id, other));
                Ended submit = Ended.of(() -> {
                    a.cairn().submit(taking(a, RunValues.Order.class, true), id, other);
                    return "stored";
                });

                trial.that(run.is(DifferentInputException.class), "another input refused", run);
                trial.that(submit.is(DifferentInputException.class), "another input refused by submit", submit);
                trial.equal("the bodies that ran are", List.of(), a.ran());
                trial.equal("the run is", before, a.state(id));
                RunValues.OrderToday same = new RunValues.OrderToday(10, Optional.empty(), "ann", null);
                Ended today = Ended.of(() -> a.cairn().execute(taking(a, RunValues.OrderToday.class, true), id, same));
                trial.that(today.is(RunResult.Completed.class), "an input with a new optional field accepted", today);
            }
        }
    }

    private static <I> Workflow<I, String> taking(Worker worker, Class<I> input, boolean completes) {
        return Workflow.named(Requests.WORKFLOW)
                .input(input)
                .output(String.class)
                .define((run, order) -> {
                    run.step("take", String.class, worker.returns("taken"));
                    if (!completes) {
                        throw new IOException("again");
                    }
                    return "done";
                });
    }

    @Clause(
            id = "RUN-10",
            must =
                    "The idempotency key MUST be equal over attempts, restarts, workers and moves, new after a forget, and"
                            + " different for every other step, run and namespace",
            why = "the payment provider charges twice, or takes a new charge for an old one",
            usualFix = "keep the first entry of a run as it was written")
    default void run_10_idempotencyKey(Trial trial) {
        StoreOptions same = trial.options().build();
        StoreOptions apart = trial.options().namespace(Storages.freshName()).build();
        try (Worker a = Worker.open(trial, "A");
                Worker b = Worker.open(trial, "B");
                Worker moved = Worker.on(trial.open("M", Storages.freshName(), same), builder -> builder);
                Worker other = Worker.on(trial.open("N", apart), builder -> builder)) {
            KeysAsked asked = new KeysAsked(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
            a.execute("r", asked.tiring("charge"));
            a.execute("r", asked.tiring("charge"));
            b.execute("r", asked.tiring("charge"));
            moved.cairn().runs().save(a.state("r"));
            moved.execute("r", asked.tiring(""));
            a.execute("r", asked.tiring("mail"));
            b.execute("r", asked.tiring(""));

            trial.equal(
                    "so many bodies of a step asked for its key:",
                    5,
                    asked.charges().size());
            trial.equal("they were given so many keys:", 1, new HashSet<>(asked.charges()).size());
            trial.equal("so many of another step:", 3, asked.mails().size());
            trial.equal("they were given so many keys:", 1, new HashSet<>(asked.mails()).size());
            trial.equal("so many keys for two steps:", 2, asked.all());
            a.execute("s", asked.tiring("mail"));
            trial.equal("so many keys with those of another run:", 4, asked.all());
            a.cairn().runs().forget("s", "charge");
            a.execute("s", asked.tiring(""));
            trial.equal("so many keys when a step was forgotten:", 5, asked.all());
            other.execute("r", asked.tiring(""));
            trial.equal("so many keys with those of another namespace:", 7, asked.all());
        }
    }

    @Clause(
            id = "RUN-11",
            must = "A run of an accepted older version MUST resume; any other version MUST be refused before any write",
            why = "new code goes on with a run that it does not fit",
            usualFix = "compare the version that the head shows before a grant is written")
    default void run_11_otherVersionIsRefused(Trial trial) {
        try (Worker a = Worker.open(trial, "A")) {
            a.execute("old", version(a, 1));
            a.execute("new", version(a, 3));
            Seen old = a.instance().read("old");
            Seen newer = a.instance().read("new");
            a.forgetWhatItDid();

            for (Workflow<String, String> workflow : List.of(version(a, 2), version(a, 3, 2))) {
                Ended ended = a.execute("old", workflow);
                trial.that(ended.is(VersionNotAcceptedException.class), "a version that is not accepted", ended);
            }
            Ended ended = a.execute("new", version(a, 2, 1));
            trial.that(ended.is(VersionNotAcceptedException.class), "a version that is newer refused", ended);
            trial.equal("so many runs were claimed:", 0, a.cairn().recover(version(a, 2)));
            trial.equal(
                    "the entries are", old.entries(), a.instance().read("old").entries());
            trial.equal("the head is", old.head(), a.instance().head("old"));
            trial.equal(
                    "the entries are", newer.entries(), a.instance().read("new").entries());
            trial.equal("the bodies that ran are", List.of(), a.ran());

            Ended accepted = a.execute("old", version(a, 2, 1));
            trial.that(accepted.is(RunResult.Completed.class), "a run of an accepted version resumed", accepted);
            trial.equal("the bodies that ran are", List.of("by 2"), a.ran());
            trial.equal("the version is", 2, a.state("old").version());
        }
    }

    private static Workflow<String, String> version(Worker worker, int version, int... resumed) {
        return Workflow.named(Requests.WORKFLOW)
                .version(version)
                .resumes(resumed)
                .input(String.class)
                .output(String.class)
                .define((run, order) -> {
                    run.step("take", String.class, worker.returns("taken"));
                    if (version != 2) {
                        throw new IOException("again");
                    }
                    return run.step("by " + version, String.class, worker.returns("done"));
                });
    }
}
