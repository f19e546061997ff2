// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.memory.CrashAt;
import dev.cairn.memory.SimulatedCrash;
import dev.cairn.spi.StateStore;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of steps that run side by side. */
class ParallelTest {
    private static final List<String> KEYS = List.of("a", "b", "c", "d");

    private final World world = new World();
    private final List<String> ran = new CopyOnWriteArrayList<>();

    /** All members begin, then they finish in this order: each waits for the one before it. */
    private Workflow<@Nullable Void, String> group(List<String> asked, List<String> finish) {
        return Workflow.named("group").output(String.class).define((run, none) -> {
            Map<String, CountDownLatch> ended = new ConcurrentHashMap<>();
            ResumeState begun = run.state();
            finish.forEach(key -> ended.put(key, new CountDownLatch(begun.isStepComplete(key) ? 0 : 1)));
            CountDownLatch begunToo =
                    new CountDownLatch(KEYS.size() - begun.steps().size());
            List<Parallel.Member<String>> members = new ArrayList<>();
            run.parallel(group -> asked.forEach(key -> members.add(group.step(key, String.class, step -> {
                begunToo.countDown();
                begunToo.await();
                int before = finish.indexOf(key) - 1;
                if (before >= 0) {
                    latch(ended, finish.get(before)).await();
                }
                ran.add(key);
                latch(ended, key).countDown();
                return key.toUpperCase(java.util.Locale.ROOT);
            }))));
            StringBuilder all = new StringBuilder();
            members.forEach(member -> all.append(member.get()));
            return all.toString();
        });
    }

    private static CountDownLatch latch(Map<String, CountDownLatch> latches, String key) {
        return java.util.Objects.requireNonNull(latches.get(key));
    }

    @Test
    @DisplayName(
            "RUN-07 members finish and replay in any order, over 1,000 shuffled interleavings with a crash in each")
    void membersFinishAndReplayInAnyOrder() {
        long seed = System.nanoTime();
        System.out.println("RUN-07 seed " + seed);
        Random random = new Random(seed);
        Cairn next = world.process();

        for (int i = 0; i < 1000; i++) {
            String id = "run-" + i;
            List<String> finish = shuffled(random);
            String dies = KEYS.get(random.nextInt(KEYS.size()));
            CrashAt crash = random.nextBoolean() ? CrashAt.beforeCommit(dies) : CrashAt.afterCommit(dies);
            List<String> acknowledged = dying(id, finish, crash);
            List<String> before = world.recorded(id);
            ran.clear();
            world.leasesRunOut();

            String result = next.run(group(shuffled(random), shuffled(random)), id, null);

            assertThat(before).as("seed %d, run %d", seed, i).containsAll(acknowledged);
            assertThat(ran).as("seed %d, run %d", seed, i).noneMatch(before::contains);
            assertThat(world.recorded(id)).containsExactlyInAnyOrderElementsOf(KEYS);
            assertThat(result.chars().sorted().mapToObj(c -> (char) c)).containsExactly('A', 'B', 'C', 'D');
        }
    }

    private static List<String> shuffled(Random random) {
        List<String> keys = new ArrayList<>(KEYS);
        Collections.shuffle(keys, random);
        return keys;
    }

    /** Runs until the process dies; answers what its listener was told to be recorded. */
    private List<String> dying(String id, List<String> finish, CrashAt crash) {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void stepRecorded(String runId, String key) {
                acknowledged.add(key);
            }
        };
        StateStore mortal = crash.on(world.store());
        try (Cairn cairn = world.process(mortal).listener(listener).build()) {
            assertThatThrownBy(() -> cairn.run(group(KEYS, finish), id, null)).isInstanceOf(SimulatedCrash.class);
        }
        return acknowledged;
    }

    @Test
    @DisplayName("RUN-07 members that finish while a commit is under way travel together in the next one")
    void membersAreGathered() throws InterruptedException {
        int members = 20;
        SlowStore slow = new SlowStore(world.store());
        AtomicReference<@Nullable Run> execution = new AtomicReference<>();
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("gather")
                .define((run, none) -> {
                    execution.set(run);
                    run.parallel(group -> {
                        for (int i = 0; i < members; i++) {
                            group.step(Key.key("member", i), Integer.class, step -> {
                                ran.add(step.key());
                                return ran.size();
                            });
                        }
                    });
                    return null;
                });
        Thread releases = new Thread(() -> slow.releaseWhen(() -> waiting(execution) == members - 1));
        releases.start();

        world.process(slow).build().run(workflow, "r", null);

        releases.join();
        assertThat(slow.appends()).isEqualTo(2);
        assertThat(world.recorded("r")).hasSize(members);
    }

    private static int waiting(AtomicReference<@Nullable Run> execution) {
        return execution.get() instanceof RunExecution run ? run.commits().waiting() : 0;
    }

    @Test
    @DisplayName("RUN-07 a member with a transient error is tried again, and what the others did is recorded")
    void othersAreRecordedBesideATransientError() {
        world.tiring("reserve");
        Cairn cairn = world.process();

        assertThatThrownBy(() -> cairn.run(world.workflow(), "r", "order")).isInstanceOf(RunInterruptedException.class);

        assertThat(world.recorded("r")).containsExactly("charge", "pack");
        assertThat(world.read("r").attempts("reserve").count()).isEqualTo(1);
        world.tiring("");
        cairn.run(world.workflow(), "r", "order");
        assertThat(world.ran("r", "pack")).hasSize(1);
        assertThat(world.ran("r", "reserve"))
                .hasSize(2)
                .containsOnly(world.ran("r", "reserve").get(0));
    }

    @Test
    @DisplayName("RUN-07 every member with a transient error has its attempt recorded")
    void everyAttemptIsRecorded() {
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("tired")
                .define((run, none) -> {
                    run.parallel(group -> KEYS.forEach(key -> group.step(key, String.class, step -> {
                        throw new IOException("try again");
                    })));
                    return null;
                });

        assertThatThrownBy(() -> world.process().run(workflow, "r", null)).hasRootCauseInstanceOf(IOException.class);

        KEYS.forEach(
                key -> assertThat(world.read("r").attempts(key).count()).as(key).isEqualTo(1));
        assertThat(world.recorded("r")).isEmpty();
    }

    @Test
    @DisplayName(
            "RUN-07 of failing members the first in the order they were asked for is thrown; tryStep gives its own")
    void firstFailureIsThrown() {
        List<String> caught = new ArrayList<>();
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("fails")
                .define((run, none) -> {
                    List<Parallel.Member<Outcome<String>>> tried = new ArrayList<>();
                    try {
                        run.parallel(group -> {
                            tried.add(group.tryStep("quiet", String.class, step -> {
                                throw new StepFailure("QUIET", "quiet");
                            }));
                            group.step("second", String.class, step -> {
                                throw new StepFailure("SECOND", "second");
                            });
                            group.step("third", String.class, step -> {
                                throw new StepFailure("THIRD", "third");
                            });
                        });
                    } catch (StepFailedException e) {
                        caught.add(e.stepKey());
                    }
                    assertThat(tried.get(0).get()).isInstanceOf(Outcome.Failed.class);
                    return null;
                });

        world.process().run(workflow, "r", null);

        assertThat(caught).containsExactly("second");
        assertThat(world.recorded("r")).containsExactlyInAnyOrder("quiet", "second", "third");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a group", "a step"})
    @DisplayName("RUN-13 a group or a step of the run inside a group is refused, and no member runs")
    void nestingIsRefused(String what) {
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("nested")
                .define((run, none) -> {
                    run.parallel(group -> {
                        group.step("member", String.class, step -> {
                            ran.add("member");
                            return "";
                        });
                        if (what.equals("a group")) {
                            run.parallel(inner -> ran.add("inner"));
                        } else {
                            run.step("inside", step -> {
                                ran.add("inside");
                            });
                        }
                    });
                    return null;
                });

        assertThatThrownBy(() -> world.process().run(workflow, "r", null))
                .isInstanceOf(NotPossibleException.class)
                .hasMessageContaining("run.parallel");

        assertThat(ran).isEmpty();
        assertThat(world.recorded("r")).isEmpty();
    }

    @Test
    @DisplayName("RUN-06 a group that lacks a recorded member, and has another, is a divergence before any body runs")
    void changedGroupLeavesNoTrace() {
        FaultyStore store = new FaultyStore(world.store());
        Cairn cairn = world.process(store).build();
        assertThatThrownBy(() -> cairn.run(twoMembers("a", "b", store), "r", null))
                .isInstanceOf(FaultyStore.Death.class);
        world.leasesRunOut();
        List<String> before = world.recorded("r");

        assertThatThrownBy(() -> world.process().run(twoMembers("a", "c", store), "r", null))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("recorded members");

        assertThat(world.recorded("r")).isEqualTo(before).containsExactlyInAnyOrder("a", "b");
        assertThat(ran).doesNotContain("c");
    }

    private Workflow<@Nullable Void, @Nullable Void> twoMembers(String one, String other, FaultyStore store) {
        return Workflow.named("two").define((run, none) -> {
            run.parallel(group -> List.of(one, other)
                    .forEach(key -> group.step(key, String.class, step -> {
                        ran.add(key);
                        return key;
                    })));
            store.failing(Fault.DEATH_BEFORE, 1);
            return null;
        });
    }

    @Test
    @DisplayName("RUN-07 members run on other threads, with the class loader of the workflow's thread")
    void contextIsCarriedOver() {
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<ClassLoader> loaders = new CopyOnWriteArrayList<>();
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("context")
                .define((run, none) -> {
                    Thread.currentThread().setContextClassLoader(loader);
                    run.parallel(group -> KEYS.forEach(key -> group.step(key, String.class, step -> {
                        threads.add(Thread.currentThread());
                        loaders.add(Thread.currentThread().getContextClassLoader());
                        return key;
                    })));
                    return null;
                });
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        try {
            world.process().run(workflow, "r", null);
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }

        assertThat(threads).hasSize(4).doesNotContain(Thread.currentThread()).allMatch(Thread::isDaemon);
        assertThat(loaders).containsOnly(loader);
    }

    @Test
    @DisplayName("RUN-07 a member whose value cannot be read back is refused, and what the others did is recorded")
    void othersAreRecordedBesideARefusal() {
        CountDownLatch refused = new CountDownLatch(1);
        Workflow<@Nullable Void, @Nullable Void> workflow = Workflow.named("refused")
                .define((run, none) -> {
                    run.parallel(group -> {
                        group.step("good", String.class, step -> {
                            refused.await();
                            while (!isStopped(run)) {
                                Thread.onSpinWait();
                            }
                            return "done";
                        });
                        group.step("bad", Unreadable.class, step -> {
                            refused.countDown();
                            return new Unreadable(1);
                        });
                    });
                    return null;
                });

        RunResult<@Nullable Void> result = world.process().execute(workflow, "r", null);

        assertThat(result).isInstanceOf(RunResult.Blocked.class);
        assertThat(world.read("r").steps()).extracting(StepRecord::key).containsExactly("good");
    }

    private static boolean isStopped(Run run) {
        try {
            run.state();
            return false;
        } catch (RunStopped stopped) {
            return true;
        }
    }
}
