// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.error.CairnException;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What code can still do in an execution that has ended. */
class StoppedRunTest {
    private final World world = new World();
    private final FaultyStore store = new FaultyStore(world.store());
    private final Cairn cairn = world.process(store).unknownLimit(Duration.ZERO).build();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final List<@Nullable Throwable> thrown = new ArrayList<>();

    /** What ends the execution while the body of its second step runs. */
    enum End {
        TAKEN_OVER {
            @Override
            void come(StoppedRunTest test) {
                test.world.taken("r");
            }
        },
        CANCELLED {
            @Override
            void come(StoppedRunTest test) {
                test.world.process().runs().cancel("r");
            }
        },
        UNKNOWN_BEFORE {
            @Override
            void come(StoppedRunTest test) {
                test.store.failing(Fault.UNKNOWN_BEFORE, 1);
            }
        },
        UNKNOWN_AFTER {
            @Override
            void come(StoppedRunTest test) {
                test.store.failing(Fault.UNKNOWN_AFTER, 1);
            }
        },
        UNAVAILABLE {
            @Override
            void come(StoppedRunTest test) {
                test.store.failing(Fault.UNAVAILABLE, 1);
            }
        },
        BROKEN_STORE {
            @Override
            void come(StoppedRunTest test) {
                test.store.failing(Fault.BROKEN, 1);
            }
        },
        TRANSIENT_ERROR {
            @Override
            void come(StoppedRunTest test) throws IOException {
                throw new IOException("try again");
            }
        },
        TRANSIENT_ERROR_THAT_CANNOT_BE_RECORDED {
            @Override
            void come(StoppedRunTest test) throws IOException {
                test.world.taken("r");
                throw new IOException("try again");
            }
        },
        UNREADABLE_VALUE {
            @Override
            void come(StoppedRunTest test) {
                throw new StepMisuse("as a step inside a step is");
            }
        },
        CLOSED {
            @Override
            void come(StoppedRunTest test) {
                Cairn closing = test.cairn;
                new Thread(closing::close).start();
                while (catchThrowable(() -> closing.submit(test.world.workflow(), "s", "order")) == null) {
                    Thread.onSpinWait();
                }
                while (!test.isStopped()) {
                    Thread.onSpinWait();
                }
            }
        };

        abstract void come(StoppedRunTest test) throws IOException;
    }

    private final AtomicReference<@Nullable Run> execution = new AtomicReference<>();

    private boolean isStopped() {
        Run run = execution.get();
        return run == null || catchThrowable(run::state) instanceof RunStopped;
    }

    private Workflow<@Nullable Void, @Nullable Void> stubborn(End end) {
        return Workflow.named("stubborn").define((run, none) -> {
            execution.set(run);
            run.step("first", step -> {
                ran.add("first");
            });
            try {
                run.step("second", step -> {
                    ran.add("second");
                    end.come(this);
                });
                run.step("third", step -> {
                    ran.add("third");
                });
            } catch (Exception e) {
                ran.add("handler");
            } catch (Throwable e) {
                thrown.add(e);
                everyCall(run);
            } finally {
                everyCall(run);
            }
            return null;
        });
    }

    private void everyCall(Run run) {
        List<ThrowingCallable> calls = List.of(
                () -> run.step("refund", step -> {
                    ran.add("refund");
                }),
                () -> run.tryStep("refund", String.class, step -> {
                    ran.add("refund");
                    return "";
                }),
                () -> run.parallel(group -> group.step("refund", String.class, step -> {
                    ran.add("refund");
                    return "";
                })),
                () -> run.progress("refunding"),
                () -> run.label("refund", "yes"),
                run::state);
        calls.forEach(call -> thrown.add(catchThrowable(call)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "RUN-04 after its end an execution starts no body, in no handler, and every call on its run ends it again")
    void nothingStartsInAnEndedExecution(End end) {
        Throwable told = catchThrowable(() -> cairn.run(stubborn(end), "r", null));

        assertThat(told).isInstanceOf(CairnException.class);
        assertThat(ran).containsExactly("first", "second");
        assertThat(thrown).hasSize(13).allSatisfy(one -> assertThat(one).isInstanceOf(RunStopped.class));
        assertThat(world.status("r")).isNotEqualTo(RunStatus.COMPLETED);
        assertThat(world.recorded("r").size()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("RUN-04 a process that died at a commit starts no body either")
    void nothingStartsInADeadProcess() {
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("dies")
                .define((run, none) -> {
                    try {
                        run.step("first", step -> {
                            store.failing(Fault.DEATH_BEFORE, 1);
                        });
                    } finally {
                        thrown.add(catchThrowable(() -> run.step("cleanup", step -> {
                            ran.add("cleanup");
                        })));
                    }
                    return null;
                });

        assertThatThrownBy(() -> cairn.run(workflow, "r", null)).isInstanceOf(FaultyStore.Death.class);

        assertThat(ran).isEmpty();
        assertThat(thrown).singleElement().isInstanceOf(RunStopped.class);
    }

    @Test
    @DisplayName("RUN-12 after a cancel the workflow stops at its next step and the run stays cancelled")
    void cancelledRunStops() {
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("cancelled")
                .define((run, none) -> {
                    run.step("first", step -> {
                        assertThat(world.process().runs().cancel("r")).isEqualTo(RunStatus.CANCELLED);
                    });
                    run.step("second", step -> {
                        ran.add("second");
                    });
                    return null;
                });

        RunResult<@Nullable Void> result = cairn.execute(workflow, "r", null);

        assertThat(result).isEqualTo(new RunResult.Cancelled<@Nullable Void>("r"));
        assertThatThrownBy(() -> cairn.run(workflow, "r", null)).isInstanceOf(RunCancelledException.class);
        assertThat(ran).isEmpty();
        assertThat(world.read("r").steps()).extracting(StepRecord::key).isEmpty();
    }

    @Test
    @DisplayName("RUN-04 a commit whose outcome stays unknown is found recorded, or run again, by the next execution")
    void unknownCommitIsResolvedByTheNext() {
        Workflow<@Nullable Void, String> workflow = Workflow.named("unknown")
                .output(String.class)
                .define((run, none) -> run.step("first", String.class, step -> {
                    ran.add(step.idempotencyKey());
                    store.failing(ran.size() == 1 ? Fault.UNKNOWN_AFTER : Fault.NONE, 1);
                    return "paid";
                }));

        assertThatThrownBy(() -> cairn.run(workflow, "r", null)).isInstanceOf(RunInterruptedException.class);
        world.leasesRunOut();

        assertThat(cairn.run(workflow, "r", null)).isEqualTo("paid");
        assertThat(ran).hasSize(1);
    }
}
