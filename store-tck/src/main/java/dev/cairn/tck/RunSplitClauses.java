// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.ResumeState;
import dev.cairn.error.CairnException;
import java.util.List;

/** RUN: what holds of the reference store when its methods are cut into their requests. */
interface RunSplitClauses extends KitClauses {
    @Clause(
            id = "RUN-17",
            must =
                    "With the reference store split at every point of every acquire, settle and signal, and a party dying"
                            + " there, RUN-01 to RUN-16 MUST hold",
            why =
                    "on a database without transactions a process that dies at the wrong moment loses a run, or ends it twice",
            usualFix = "keep the order of the requests, and the condition of each, as the protocol says")
    default void run_17_holdsOnASplitStore(Trial trial) {
        Splitting splitting = trial.harness().splitting().orElseThrow();
        ResumeState saved = SplitScene.saved(splitting);
        for (SplitAct act : SplitAct.values()) {
            for (Meanwhile meanwhile : Meanwhile.to(act)) {
                int points = 0;
                while (holdsAt(trial, splitting, saved, new Meanwhile.Cut(act, meanwhile, points))) {
                    points++;
                }
                trial.explored(points);
                trial.that(points > 1, "points at which a process can be cut in " + act, points);
            }
        }
    }

    private static boolean holdsAt(Trial trial, Splitting splitting, ResumeState saved, Meanwhile.Cut cut) {
        try (SplitScene scene = SplitScene.empty(splitting, saved)) {
            scene.byAnother(cairn -> cut.act().prepare(scene, cairn));
            AtPoint gate = AtPoint.of(cut.point(), () -> cut.meanwhile().happens(scene, cut.act()));
            Ended ended = scene.by(gate, cairn -> cut.act().act(scene, cairn));
            trial.that(
                    !ended.is(Throwable.class) || ended.is(CairnException.class) || ended.is(AtPoint.Death.class),
                    cut + ", to end typed",
                    ended);
            cut.meanwhile().follows(scene, cut.act());
            if (!gate.isReached()) {
                return false;
            }
            Ended settled =
                    Ended.of(() -> scene.settled(cut.act(), cut.meanwhile().repeats()));
            Object faults = settled.is(List.class) ? settled.how() : settled;
            trial.equal(cut + ", leaves the faults", List.of(), faults);
            return true;
        }
    }
}
