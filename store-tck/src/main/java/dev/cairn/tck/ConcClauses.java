// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** CONC: concurrency. */
interface ConcClauses extends KitClauses {
    @Clause(
            id = "CONC-03",
            must = "5,000 seeded random operations MUST agree with the reference model one by one",
            why = "in some order of operations that nobody thought of, runs are lost or done twice",
            usualFix = "do the operations named below one after the other, and decide the last one as HeadRules does")
    default void conc_03_agreesWithTheReference(Trial trial) {
        List<LockStep.Op> ops = LockStep.draw(trial.random(), 5_000);

        Optional<LockStep.Difference> found = compared(trial, ops);

        trial.explored(ops.size());
        if (found.isEmpty()) {
            return;
        }
        LockStep.Difference least = LockStep.shrink(found.get(), fewer -> compared(trial, fewer));
        List<LockStep.Op> last = least.ops();
        trial.did("fewest operations that show it (" + last.size() + "): "
                + last.subList(Math.max(0, last.size() - 25), last.size()));
        trial.that(false, least.expected(), least);
    }

    private static Optional<LockStep.Difference> compared(Trial trial, List<LockStep.Op> ops) {
        try (Instance store = trial.open(
                        "store", trial.options().namespace(Storages.freshName()).build());
                Instance reference = LockStepReference.open(trial, "reference")) {
            return new LockStep(store, reference, trial.declares(Ability.STEP_CACHE)).run(ops);
        }
    }

    @Clause(
            id = "CONC-04",
            must =
                    "One instance MUST be safe under 32 platform threads and, where the JVM has them, 1,000 virtual threads,"
                            + " without deadlock",
            why = "answers of one run reach another, or all workers of a process wait for each other",
            usualFix =
                    "share nothing but the pool; hold no connection while asking for another, nor a monitor while waiting")
    default void conc_04_manyThreadsShareOneInstance(Trial trial) throws InterruptedException {
        Instance a = trial.open("A");
        Lease shared = a.create("shared").lease();
        List<Callable<String>> workers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String id = "run " + i;
            workers.add(() -> work(a, id, shared));
        }

        List<String> answers = trial.atOnce(workers);

        for (String answer : answers) {
            trial.that(answer.startsWith("as it should be"), "each thread served as if it were alone", answer);
        }
        long winners =
                answers.stream().filter(answer -> answer.endsWith("written")).count();
        trial.equal("of the commits to one place were written", 1L, winners);
        trial.equal("the shared run has steps", 1, a.read("shared").counting().size());
        virtualThreads(trial, a);
    }

    /** A run of its own from its begin to its end, and one place that all want. */
    private static String work(Instance who, String runId, Lease shared) {
        try {
            Lease lease = who.create(runId).lease();
            who.steps(lease, 1, 3);
            boolean signalled = who.signal(runId, Requests.message("m", "n")) == Signalled.STORED;
            Seen seen = who.read(runId);
            boolean own = seen.head().runId().equals(runId)
                    && seen.texts().equals(List.of("step-1", "step-2", "step-3"))
                    && seen.messages().size() == 1;
            Appended won = who.step(shared, 1, runId);
            Instance.done(who.end(lease, 4, RunStatus.COMPLETED));
            boolean ended = who.head(runId).status() == RunStatus.COMPLETED;
            return (signalled && own && ended ? "as it should be, " : "something else of " + runId + ", ")
                    + (won instanceof Appended.Written ? "written" : "taken");
        } catch (RuntimeException e) {
            return Thrown.name(e);
        }
    }

    private static void virtualThreads(Trial trial, Instance who) throws InterruptedException {
        Optional<ExecutorService> threads = virtual();
        if (threads.isEmpty()) {
            trial.did("this JVM has no virtual threads");
            return;
        }
        ExecutorService each = threads.get();
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String id = "virtual " + i;
                answers.add(each.submit(() -> {
                    Lease lease = who.create(id).lease();
                    return Words.of(who.step(lease, 1, id)) + who.read(id).texts();
                }));
            }
            for (int i = 0; i < answers.size(); i++) {
                trial.equal("a virtual thread is answered", "written[virtual " + i + "]", answer(answers.get(i)));
            }
        } finally {
            each.shutdownNow();
        }
    }

    private static String answer(Future<String> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return Thrown.name(e);
        }
    }

    private static Optional<ExecutorService> virtual() {
        try {
            Object threads =
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            return Optional.ofNullable((ExecutorService) threads);
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    @Clause(
            id = "CONC-05",
            must =
                    "An interrupted or timed-out caller MUST get a typed error, leave all-or-nothing state and no poisoned"
                            + " connection",
            why = "one thread that is stopped takes a connection, or half a write, with it",
            usualFix = "translate the interruption, and give up the connection on which it happened")
    default void conc_05_interruptedCallerIsTold(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        a.createFree("free");

        trial.equal("an interrupted append is", "typed or done", interrupted(trial, () -> a.step(lease, 1, "one")));
        int steps = a.read("r").counting().size();
        trial.equal("repeated, its step stands:", 1, stands(a, lease));
        trial.that(steps <= 1, "all or nothing of the step", steps + " steps");
        trial.equal("an interrupted read is", "typed or done", interrupted(trial, () -> a.read("r")));
        trial.equal("an interrupted acquire is", "typed or done", interrupted(trial, () -> a.acquire("free")));
        trial.is(
                Granted.class,
                "the run to be had by the next",
                a.acquire("free", Condition.open().over(Condition.Over.LIVE).build()));
        Settle end = Settle.of(
                Requests.end(lease, 2, RunStatus.COMPLETED),
                HeadChange.ended(RunStatus.COMPLETED).build());
        trial.equal(
                "an interrupted settle is",
                "typed or done",
                interrupted(trial, () -> a.store().settle(end)));
        Seen seen = a.read("r");
        trial.that(
                seen.head().status() != RunStatus.COMPLETED || seen.fold().end().isPresent(),
                "no end in the head without one in the journal",
                seen.head());
        Instance.done(a.store().settle(end));
        trial.equal("repeated, the entries are", 2, a.read("r").counting().size());
        interruptedAtAnyTime(trial, a);
        WireChecks.interrupted(trial);
    }

    private static int stands(Instance who, Lease lease) {
        who.step(lease, 1, "one");
        return who.read("r").counting().size();
    }

    /** On a thread of its own, which has been interrupted before it begins. */
    private static String interrupted(Trial trial, Callable<?> call) {
        return trial.atOnce(List.<Callable<String>>of(() -> {
                    Thread.currentThread().interrupt();
                    String answer = typedOrDone(call);
                    Thread.interrupted();
                    return answer;
                }))
                .get(0);
    }

    private static String typedOrDone(Callable<?> call) {
        try {
            call.call();
            return "typed or done";
        } catch (CairnException e) {
            return "typed or done";
        } catch (Exception e) {
            return Thrown.name(e);
        }
    }

    /** A writer that is interrupted again and again while it writes; what was acknowledged is there, once. */
    private static void interruptedAtAnyTime(Trial trial, Instance who) {
        Lease lease = who.create("often").lease();
        int most = 40;
        Thread[] writer = new Thread[1];
        boolean[] ended = new boolean[1];
        List<Object> answers = trial.atOnce(List.<Callable<Object>>of(
                () -> {
                    synchronized (writer) {
                        writer[0] = Thread.currentThread();
                    }
                    try {
                        return writeAll(who, lease, most);
                    } finally {
                        synchronized (writer) {
                            ended[0] = true;
                            Thread.interrupted();
                        }
                    }
                },
                () -> {
                    for (boolean over = false; !over; Thread.sleep(0, 300_000)) {
                        synchronized (writer) {
                            over = ended[0];
                            if (!over && writer[0] != null) {
                                writer[0].interrupt();
                            }
                        }
                    }
                    return "interrupted";
                }));

        trial.equal("a writer that is interrupted often got", "typed answers", answers.get(0));
        trial.equal("its steps are", most, who.read("often").counting().size());
        Acquired next = who.supersede("often");
        trial.is(Granted.class, "the run to be had by the next", next);
    }

    private static String writeAll(Instance who, Lease lease, int most) {
        for (long place = 1; place <= most; ) {
            try {
                Appended answer = who.step(lease, place, "x");
                boolean there = answer instanceof Appended.Written
                        || (answer instanceof Appended.Taken taken
                                && taken.entry().isUnder(lease)
                                && taken.entry().place() == place);
                if (there) {
                    place++;
                } else if (!(answer instanceof Appended.Failed)) {
                    return Words.of(answer);
                }
            } catch (CairnException e) {
                Thread.interrupted(); // to go on; the next one comes
            } catch (RuntimeException e) {
                return Thrown.name(e);
            }
        }
        return "typed answers";
    }
}
