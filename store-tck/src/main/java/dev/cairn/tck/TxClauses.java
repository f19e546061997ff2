// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.state.RunStatus;
import java.util.function.BiFunction;

/**
 * TX: a step in the user's own transaction. No store declares it yet, so what is tried is the refusal: a store that is
 * handed the user's transaction takes no part in it.
 */
interface TxClauses extends KitClauses {
    @Clause(
            id = "TX-01",
            must =
                    "The user's writes and the step's record MUST become visible together or not at all, at every crash point",
            why = "money is moved and the step that moved it is not recorded, so that it is moved again",
            usualFix = "refuse a connection that is inside a transaction, unless TRANSACTIONAL_STEP is declared")
    default void tx_01_writesAndRecordGoTogether(Trial trial) {
        refused(trial, "a step", (lease, inside) -> inside.append(Requests.step(lease, 2, "two")));
    }

    @Clause(
            id = "TX-02",
            must = "A replayed transactional step MUST NOT run its body",
            why = "the user's writes are made a second time when the run goes on",
            usualFix = "refuse a connection that is inside a transaction, unless TRANSACTIONAL_STEP is declared")
    default void tx_02_replayRunsNoBody(Trial trial) {
        refused(trial, "the step once more", (lease, inside) -> inside.step(lease, 1, "step-1"));
    }

    @Clause(
            id = "TX-03",
            must =
                    "A body that throws MUST leave neither its writes nor a success; the error MUST be recorded by the error"
                            + " policy",
            why = "half of what a failed body wrote stays",
            usualFix = "refuse a connection that is inside a transaction, unless TRANSACTIONAL_STEP is declared")
    default void tx_03_failedBodyLeavesNothing(Trial trial) {
        refused(
                trial,
                "an end",
                (lease, inside) -> inside.store()
                        .settle(Settle.of(
                                Requests.end(lease, 2, RunStatus.FAILED),
                                HeadChange.ended(RunStatus.FAILED).build())));
    }

    @Clause(
            id = "TX-04",
            must = "A superseded lease MUST roll the user's writes back too",
            why = "a worker that was replaced still changes the user's tables",
            usualFix = "refuse a connection that is inside a transaction, unless TRANSACTIONAL_STEP is declared")
    default void tx_04_supersededRollsBack(Trial trial) {
        refused(trial, "a takeover", (lease, inside) -> inside.supersede(lease.runId()));
    }

    @Clause(
            id = "TX-05",
            must = "A transaction of unknown outcome MUST be resolved by its place; no later commit of it may appear",
            why = "what was given up commits later, beside what replaced it",
            usualFix = "refuse a connection that is inside a transaction, unless TRANSACTIONAL_STEP is declared")
    default void tx_05_unknownIsResolvedByPlace(Trial trial) {
        refused(
                trial,
                "a new run",
                (lease, inside) ->
                        inside.store().acquire(Requests.acquire("other", new Acquire.Create(Requests.newRun()))));
    }

    private static void refused(Trial trial, String what, BiFunction<Lease, Instance, ?> asked) {
        Ability ability = Ability.TRANSACTIONAL_STEP;
        trial.that(!trial.declares(ability), "no " + ability + ", for which there is no operation yet", ability);
        Instance outside = trial.open("A");
        Lease lease = outside.create("r").lease();
        outside.steps(lease, 1, 1);
        Seen before = outside.read("r");

        trial.throwing(
                IllegalStateException.class,
                what + " inside the user's transaction refused, when the store is opened or at once",
                () -> asked.apply(lease, trial.openInsideTransaction("inside")));

        trial.equal("the entries are", before.entries(), outside.read("r").entries());
        trial.equal("the head is", before.head(), outside.head("r"));
        trial.that(outside.find("other").isEmpty(), "no other run", "one");
        trial.refusedOk();
    }
}
