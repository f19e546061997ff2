// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.ResumeState;
import dev.cairn.error.CairnException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
                while (holdsAt(trial, splitting, saved, new Cut(act, meanwhile, points))) {
                    points++;
                }
                trial.explored(points);
                trial.that(points > 1, "points at which a process can be cut in " + act, points);
            }
        }
    }

    /** What happens at the point where a process is cut. */
    enum Meanwhile {
        /** It dies there; its lease runs out, and another process repeats what it wanted to do. */
        DIES {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                throw new AtPoint.Death();
            }

            @Override
            void follows(SplitScene scene, SplitAct act) {
                scene.leasesRunOut();
                scene.byAnother(cairn -> act.again(scene, cairn));
            }
        },
        /** It dies there, and nobody repeats anything: a worker takes what it finds. */
        DIES_ALONE {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                throw new AtPoint.Death();
            }
        },
        /** It is late: its lease runs out, another process does the same, and then it goes on. */
        IS_LATE {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                scene.leasesRunOut();
                scene.byAnother(cairn -> act.again(scene, cairn));
            }
        },
        /** Its lease runs out, and another process dies when it has just taken the run. */
        IS_OVERTAKEN {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                scene.leasesRunOut();
                scene.takenByTheDying();
            }
        },
        /** A signal comes. */
        IS_SIGNALLED {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                scene.byAnother(scene::signal);
            }
        },
        /** Somebody cancels the run. */
        IS_CANCELLED {
            @Override
            void happens(SplitScene scene, SplitAct act) {
                scene.byAnother(scene::cancel);
            }
        };

        /** What is tried on an act; more would say the same again. */
        static List<Meanwhile> to(SplitAct act) {
            return Stream.of(values()).filter(one -> one.acts().contains(act)).toList();
        }

        private Set<SplitAct> acts() {
            return switch (this) {
                case DIES, IS_LATE -> EnumSet.allOf(SplitAct.class);
                case DIES_ALONE ->
                    EnumSet.of(SplitAct.RUN, SplitAct.RETRY, SplitAct.CANCEL, SplitAct.FORGET, SplitAct.SAVE);
                case IS_OVERTAKEN -> EnumSet.of(SplitAct.RUN, SplitAct.FAIL, SplitAct.CANCEL);
                case IS_SIGNALLED -> EnumSet.of(SplitAct.RUN, SplitAct.DELETE, SplitAct.REPLACE);
                case IS_CANCELLED -> EnumSet.of(SplitAct.RUN, SplitAct.RETRY, SplitAct.REPLACE);
            };
        }

        abstract void happens(SplitScene scene, SplitAct act);

        /** After the process has died or ended. */
        void follows(SplitScene scene, SplitAct act) {}

        /** Whether somebody else did it too, so that its effect is there. */
        boolean repeats() {
            return this == DIES || this == IS_LATE;
        }
    }

    private static boolean holdsAt(Trial trial, Splitting splitting, ResumeState saved, Cut cut) {
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

    /** Where which process is cut. */
    record Cut(SplitAct act, Meanwhile meanwhile, int point) {
        @Override
        public String toString() {
            return act + ", which " + meanwhile + " at point " + point;
        }
    }
}
