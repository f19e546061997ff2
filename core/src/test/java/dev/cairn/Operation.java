// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CairnException;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.HashSet;
import org.assertj.core.api.Assertions;

/** Everything that a process does to runs, each with what it finds before and with the one effect that it has, however often. */
enum Operation {
    RUN(6) {
        @Override
        void act(World world, Cairn cairn) {
            assertThat(cairn.run(world.workflow(), "r", "order")).isEqualTo("charge of order, book of order");
        }
    },
    EXECUTE(6) {
        @Override
        void act(World world, Cairn cairn) {
            RunResult<String> result = cairn.execute(world.workflow(), "r", "order");
            if (result instanceof RunResult.Interrupted<String> interrupted) {
                interrupted.get();
            }
            assertThat(result).isInstanceOf(RunResult.Completed.class);
        }
    },
    RUN_SLOWLY(7) {
        @Override
        void prepare(World world, Cairn cairn) {
            world.slow(World.LEASE.multipliedBy(4).dividedBy(5));
        }

        @Override
        void act(World world, Cairn cairn) {
            RUN.act(world, cairn);
        }
    },
    SUBMIT(2) {
        @Override
        void act(World world, Cairn cairn) {
            cairn.submit(world.workflow(), "r", "order");
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(later.recover(world.workflow())).isEqualTo(1);
            super.check(world, later);
        }
    },
    RECOVER(13) {
        @Override
        void prepare(World world, Cairn cairn) {
            cairn.submit(world.workflow(), "r", "order");
            cairn.submit(world.workflow(), "s", "order");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.recover(world.workflow());
        }

        @Override
        void check(World world, Cairn later) {
            completed(world, "r");
            completed(world, "s");
        }
    },
    RESUME(4) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "book");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.resume(world.workflow(), "r");
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.status("r")).isEqualTo(RunStatus.COMPLETED);
            assertThat(world.recorded("r")).containsExactlyInAnyOrderElementsOf(World.STEPS);
            assertThat(world.ran("r", "charge")).hasSize(1);
            assertThat(world.ran("r", "book"))
                    .hasSizeBetween(2, 3)
                    .containsOnly(world.ran("r", "book").get(0));
        }
    },
    RETRY(6) {
        @Override
        void prepare(World world, Cairn cairn) {
            failed(world, cairn);
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.retry(world.workflow(), "r");
        }

        @Override
        void again(World world, Cairn cairn) {
            try {
                act(world, cairn);
            } catch (NotPossibleException reopened) {
                cairn.resume(world.workflow(), "r");
            }
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.read("r").history()).extracting(step -> step.key()).containsExactly("book");
            assertThat(world.status("r")).isEqualTo(RunStatus.COMPLETED);
            assertThat(world.recorded("r")).containsExactlyInAnyOrderElementsOf(World.STEPS);
            assertThat(new HashSet<>(world.ran("r", "book"))).hasSize(2);
        }
    },
    FORGET(3) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "mail");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.runs().forget("r", "book");
        }

        @Override
        void again(World world, Cairn cairn) {
            if (world.read("r").isStepComplete("book")) {
                act(world, cairn);
            }
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.read("r").history()).extracting(step -> step.key()).containsExactly("book");
            assertThat(world.recorded("r")).containsExactlyInAnyOrder("charge", "reserve", "pack");
            later.resume(world.workflow(), "r");
            assertThat(new HashSet<>(world.ran("r", "book"))).hasSize(2);
        }
    },
    FORGET_IN_FAILED(3) {
        @Override
        void prepare(World world, Cairn cairn) {
            failed(world, cairn);
        }

        @Override
        void act(World world, Cairn cairn) {
            FORGET.act(world, cairn);
        }

        @Override
        void again(World world, Cairn cairn) {
            FORGET.again(world, cairn);
        }

        @Override
        void check(World world, Cairn later) {
            FORGET.check(world, later);
        }
    },
    CANCEL(2) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "book");
        }

        @Override
        void act(World world, Cairn cairn) {
            assertThat(cairn.runs().cancel("r")).isEqualTo(RunStatus.CANCELLED);
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.status("r")).isEqualTo(RunStatus.CANCELLED);
            assertThat(later.recover(world.workflow())).isZero();
            assertThat(world.ran("r", "book")).hasSize(1);
        }
    },
    SAVE(4) {
        @Override
        void act(World world, Cairn cairn) {
            cairn.runs().save(saved());
        }

        @Override
        void again(World world, Cairn cairn) {
            try {
                act(world, cairn);
            } catch (RunExistsException saved) {
                assertThat(world.read("r").steps()).isEqualTo(saved().steps());
            }
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.read("r").isSameRunAs(saved())).isTrue();
            assertThatThrownBy(() -> act(world, later)).isInstanceOf(RunExistsException.class);
        }

        @Override
        void checkBetween(World world, Cairn other) {
            other.runs().read("r").ifPresent(found -> assertThat(found.steps()).isEqualTo(saved().steps()));
        }
    },
    REPLACE(7) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "reserve");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.runs().replace(saved(), world.read("r"));
        }

        @Override
        void again(World world, Cairn cairn) {
            if (!world.recorded("r").contains("book")) {
                act(world, cairn);
            }
        }

        @Override
        void checkBetween(World world, Cairn other) {
            assertThat(world.recorded("r").size()).isIn(2, 4);
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.read("r").steps()).isEqualTo(saved().steps());
            assertThat(world.read("r").history()).isEqualTo(saved().history());
        }
    },
    DELETE(4) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "book");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.runs().delete("r");
        }

        @Override
        void checkBetween(World world, Cairn other) {
            other.runs().read("r").ifPresent(found -> assertThat(found.steps()).hasSize(3));
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(later.runs().read("r")).isEmpty();
            assertThat(later.runs().list(RunQuery.all().build()).runs()).isEmpty();
            assertThat(later.runs().delete("r")).isFalse();
            assertThatThrownBy(() -> later.resume(world.workflow(), "r")).isInstanceOf(NoSuchRunException.class);
        }
    },
    PURGE(5) {
        @Override
        void prepare(World world, Cairn cairn) {
            cairn.run(world.workflow(), "old-1", "order");
            cairn.run(world.workflow(), "old-2", "order");
            interrupted(world, cairn, "book");
            cairn.runs().delete("old-2");
            world.clock().advance(Duration.ofDays(1));
            cairn.run(world.workflow(), "young", "order");
        }

        @Override
        void act(World world, Cairn cairn) {
            cairn.runs().purge(Duration.ofHours(1), 10);
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(later.runs().list(RunQuery.all().build()).runs())
                    .extracting(RunSummary::id)
                    .containsExactlyInAnyOrder("r", "young");
        }
    },
    SIGNAL(1) {
        @Override
        void prepare(World world, Cairn cairn) {
            interrupted(world, cairn, "book");
        }

        @Override
        void act(World world, Cairn cairn) {
            assertThat(cairn.runs().signal("r", "s-1", "approved", "yes")).isEqualTo(Signalled.STORED);
        }

        @Override
        void check(World world, Cairn later) {
            assertThat(world.read("r").messages()).hasSize(1);
        }
    };

    private final int leastRequests;

    Operation(int leastRequests) {
        this.leastRequests = leastRequests;
    }

    /** So many requests are made at least, each of which can fail. */
    int leastRequests() {
        return leastRequests;
    }

    void prepare(World world, Cairn cairn) {}

    abstract void act(World world, Cairn cairn);

    /** The same by somebody who does not know how far the first came. */
    void again(World world, Cairn cairn) {
        act(world, cairn);
    }

    /** What holds after the first, however far it came. */
    void checkBetween(World world, Cairn other) {
        other.runs().read("r");
    }

    /** The one effect. */
    void check(World world, Cairn later) {
        completed(world, "r");
    }

    static void completed(World world, String runId) {
        assertThat(world.status(runId)).isEqualTo(RunStatus.COMPLETED);
        assertThat(world.recorded(runId)).containsExactlyInAnyOrderElementsOf(World.STEPS);
        for (String key : World.STEPS) {
            assertThat(world.ran(runId, key)).as("bodies of " + key).hasSizeBetween(1, 2);
            assertThat(new HashSet<>(world.ran(runId, key)))
                    .as("keys of " + key)
                    .hasSize(1);
        }
    }

    /** Leaves a run that ended its first execution at this step, by a transient error. */
    static void interrupted(World world, Cairn cairn, String key) {
        world.tiring(key);
        assertThatThrownBy(() -> cairn.run(world.workflow(), "r", "order")).isInstanceOf(RunInterruptedException.class);
        world.tiring("");
    }

    private static void failed(World world, Cairn cairn) {
        world.failing("book");
        assertThatThrownBy(() -> cairn.run(world.workflow(), "r", "order")).isInstanceOf(StepFailedException.class);
        world.failing("");
    }

    /** A run under way, from another storage: four steps, one of them forgotten once. */
    private static ResumeState saved() {
        return Saved.STATE;
    }

    private static final class Saved {
        private static final ResumeState STATE = make();

        private static ResumeState make() {
            World elsewhere = new World();
            Cairn cairn = elsewhere.process();
            interrupted(elsewhere, cairn, "mail");
            cairn.runs().forget("r", "book");
            try {
                interrupted(elsewhere, cairn, "mail");
            } catch (CairnException e) {
                Assertions.fail(e);
            }
            return elsewhere.read("r");
        }
    }
}
