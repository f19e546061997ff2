// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Cairn;
import dev.cairn.NotPossibleException;
import dev.cairn.ResumeState;
import dev.cairn.RunExistsException;
import dev.cairn.StepFailedException;
import dev.cairn.state.RunStatus;
import java.util.Optional;

/** What a process does to a run, with what it finds before and with its one effect, however often it is done. */
enum SplitAct {
    RUN {
        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.run(scene.workflow(), "r", Worker.INPUT);
            scene.takesNoSignal();
        }
    },
    FAIL {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.failing("book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            try {
                cairn.run(scene.workflow(), "r", Worker.INPUT);
            } catch (StepFailedException failed) {
                scene.takesNoSignal();
            }
        }

        @Override
        void check(SplitScene scene, Optional<ResumeState> found) {
            status(scene, found, RunStatus.FAILED);
        }
    },
    SUBMIT {
        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.submit(scene.workflow(), "r", Worker.INPUT);
        }
    },
    RECOVER {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            SUBMIT.act(scene, cairn);
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.recover(scene.workflow());
        }
    },
    RESUME {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.resume(scene.workflow(), "r");
        }
    },
    RETRY {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.failing("book");
            cairn.execute(scene.workflow(), "r", Worker.INPUT);
            scene.failing("");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.retry(scene.workflow(), "r");
            scene.takesNoSignal();
        }

        @Override
        void again(SplitScene scene, Cairn cairn) {
            try {
                act(scene, cairn);
            } catch (NotPossibleException reopened) {
                cairn.resume(scene.workflow(), "r");
            }
        }

        @Override
        void check(SplitScene scene, Optional<ResumeState> found) {
            super.check(scene, found);
            forgotOnce(scene, found, "book");
        }
    },
    FORGET {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.runs().forget("r", "charge");
        }

        @Override
        void again(SplitScene scene, Cairn cairn) {
            if (scene.isRecorded("r", "charge")) {
                act(scene, cairn);
            }
        }

        @Override
        void check(SplitScene scene, Optional<ResumeState> found) {
            super.check(scene, found);
            forgotOnce(scene, found, "charge");
        }
    },
    CANCEL {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            scene.cancel(cairn);
            scene.takesNoSignal();
        }

        @Override
        void check(SplitScene scene, Optional<ResumeState> found) {
            status(scene, found, RunStatus.CANCELLED);
        }
    },
    SIGNAL {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            scene.signal(cairn);
        }
    },
    SAVE {
        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.runs().save(scene.saved());
        }

        @Override
        void again(SplitScene scene, Cairn cairn) {
            try {
                act(scene, cairn);
            } catch (RunExistsException saved) {
                scene.faultUnless(scene.isRecorded("r", "pack"), "a saved run without its steps");
            }
        }

        @Override
        boolean replaces() {
            return true;
        }
    },
    REPLACE {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "charge");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            ResumeState there = scene.read("r").orElseThrow();
            cairn.runs().replace(scene.saved(), there);
        }

        @Override
        void again(SplitScene scene, Cairn cairn) {
            if (!scene.isRecorded("r", "charge")) {
                act(scene, cairn);
            }
        }

        @Override
        boolean replaces() {
            return true;
        }
    },
    DELETE {
        @Override
        void prepare(SplitScene scene, Cairn cairn) {
            scene.interrupted(cairn, "book");
        }

        @Override
        void act(SplitScene scene, Cairn cairn) {
            cairn.runs().delete("r");
        }

        @Override
        void check(SplitScene scene, Optional<ResumeState> found) {
            scene.faultUnless(found.isEmpty(), "a deleted run is there");
        }

        @Override
        boolean replaces() {
            return true;
        }
    };

    /** What is there before. */
    void prepare(SplitScene scene, Cairn cairn) {}

    abstract void act(SplitScene scene, Cairn cairn);

    /** The same by somebody who does not know how far the first came. */
    void again(SplitScene scene, Cairn cairn) {
        act(scene, cairn);
    }

    /** The one effect, when a worker has been there too. */
    void check(SplitScene scene, Optional<ResumeState> found) {
        status(scene, found, RunStatus.COMPLETED);
    }

    /** Whether what stands in the run before, or is sent to it, may go. */
    boolean replaces() {
        return false;
    }

    private static void status(SplitScene scene, Optional<ResumeState> found, RunStatus wanted) {
        Optional<RunStatus> status = found.map(ResumeState::status);
        scene.faultUnless(status.equals(Optional.of(wanted)), "a run that should be " + wanted + " is " + status);
    }

    private static void forgotOnce(SplitScene scene, Optional<ResumeState> found, String key) {
        long times = found.stream()
                .flatMap(state -> state.history().stream())
                .filter(step -> step.key().equals(key))
                .count();
        scene.faultUnless(times == 1, key + " was forgotten " + times + " times");
    }
}
