// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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

    /** Where which process is cut. */
    record Cut(SplitAct act, Meanwhile meanwhile, int point) {
        @Override
        public String toString() {
            return act + ", which " + meanwhile + " at point " + point;
        }
    }
}
