// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.LeaseLostException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Takes runs and executes them: from the acquire to the result. */
final class Runner {
    static final String MDC_RUN = "cairn.run";
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final long LONGEST_POLL_MILLIS = 500;
    private static final int LOST_LEASES = 10;

    private final Connection connection;
    private final LeaseKeeper keeper;
    private final Executor threads;
    private final Set<RunExecution> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger callers = new AtomicInteger();
    private volatile boolean closing;

    Runner(Connection connection, LeaseKeeper keeper, Executor threads) {
        this.connection = connection;
        this.keeper = keeper;
        this.threads = threads;
    }

    /** How to take a run: the target, and the input to compare, if one was given. */
    record Taking<I extends @Nullable Object>(
            Acquire.Target target, @Nullable RunInput<I> input) {}

    <I extends @Nullable Object> Taking<I> createOrTake(Workflow<I, ?> workflow, RunInput<I> input) {
        return new Taking<>(new Acquire.CreateOrTake(newRun(workflow, input), anyOpen(workflow)), input);
    }

    <I extends @Nullable Object> NewRun newRun(Workflow<I, ?> workflow, RunInput<I> input) {
        EntryBody.Origin origin = new EntryBody.Origin(IdempotencyKeys.newScope(), input.json(), Optional.empty());
        return new NewRun(
                workflow.name(),
                workflow.version(),
                Incarnation.random(),
                Labels.NONE,
                RunStatus.READY,
                connection.grant(workflow.versions(), origin),
                0);
    }

    /** A run that is ready or blocked; a suspended one only if it is due. */
    static Condition anyOpen(Workflow<?, ?> workflow) {
        return Condition.open()
                .butNot(RunStatus.SUSPENDED)
                .of(workflow.versions())
                .build();
    }

    /** Takes a run and executes it; waits for one that somebody else holds, and resumes by itself after a lost lease. */
    <I extends @Nullable Object, O extends @Nullable Object> RunResult<O> execute(
            Workflow<I, O> workflow, String runId, Taking<I> taking) {
        callers.incrementAndGet();
        try {
            RunResult<O> result = takeAndExecute(workflow, runId, taking);
            // What was lost is never created anew: a run that was deleted meanwhile stays deleted.
            Taking<I> again = new Taking<>(new Acquire.Take(anyOpen(workflow)), taking.input());
            for (int lost = 1; isLeaseLost(result) && lost < LOST_LEASES; lost++) {
                result = resumed(workflow, runId, again, result);
            }
            return result;
        } finally {
            callers.decrementAndGet();
        }
    }

    private <I extends @Nullable Object, O extends @Nullable Object> RunResult<O> resumed(
            Workflow<I, O> workflow, String runId, Taking<I> again, RunResult<O> lost) {
        try {
            return takeAndExecute(workflow, runId, again);
        } catch (NoSuchRunException deleted) {
            return lost;
        }
    }

    private <I extends @Nullable Object, O extends @Nullable Object> RunResult<O> takeAndExecute(
            Workflow<I, O> workflow, String runId, Taking<I> taking) {
        HolderClock.Mark begun = connection.settings().clock().now();
        while (true) {
            checkOpen();
            HolderClock.Mark sent = connection.settings().clock().now();
            Acquired answer = acquire(workflow, runId, taking.target());
            if (answer instanceof Granted granted) {
                return execute(workflow, granted, sent, taking.input());
            }
            if (!(answer instanceof Refused refused)) {
                throw new AssertionError(answer);
            }
            RunResult<O> known = known(workflow, runId, refused, taking.input());
            if (known != null) {
                return known;
            }
            if (isOver(begun)) {
                throw RunRefusals.of(
                        runId, refused, workflow, connection.settings().patience());
            }
            awaitHolder(runId, refused);
        }
    }

    private boolean isOver(HolderClock.Mark begun) {
        return connection
                        .settings()
                        .clock()
                        .since(begun)
                        .compareTo(connection.settings().patience())
                >= 0;
    }

    private static boolean isLeaseLost(RunResult<?> result) {
        return result instanceof RunResult.Interrupted<?> interrupted
                && interrupted.cause() instanceof LeaseLostException;
    }

    private Acquired acquire(Workflow<?, ?> workflow, String runId, Acquire.Target target) {
        Acquire request = new Acquire(
                runId,
                LeaseId.random(),
                connection.settings().leaseTtl(),
                target,
                connection.grant(workflow.versions(), null));
        return connection.repeats().untilKnown(() -> connection.store().acquire(request));
    }

    private void awaitHolder(String runId, Refused refused) {
        long millis = Math.max(5, Math.min(refused.timeLeft().toMillis() + 1, LONGEST_POLL_MILLIS));
        if (!Repeats.paused(millis)) {
            throw new RunInterruptedException(runId, new InterruptedException("while waiting for its holder"));
        }
    }

    /** The result that a refusal tells; null if it is worth waiting. */
    private <I extends @Nullable Object, O extends @Nullable Object> @Nullable RunResult<O> known(
            Workflow<I, O> workflow, String runId, Refused refused, @Nullable RunInput<I> input) {
        if (refused.reason() == Refused.Reason.HELD || refused.reason() == Refused.Reason.ARRIVING) {
            return null;
        }
        if (refused.reason() == Refused.Reason.WAITING) {
            return new RunResult.Suspended<>(
                    runId, refused.head().map(head -> Set.copyOf(head.awaits())).orElse(Set.of()));
        }
        if (refused.reason() != Refused.Reason.ENDED || refused.ended().size() != 2) {
            throw RunRefusals.of(runId, refused, workflow, Duration.ZERO);
        }
        if (input != null && EntryCodec.decode(refused.ended().get(0)) instanceof EntryBody.Grant first) {
            Bytes recorded = first.origin().orElseThrow().input();
            input.checkSameAs(connection.payloads(), recorded);
        }
        return ended(workflow, refused.ended().get(1));
    }

    /** The result that an end entry holds. */
    private <O extends @Nullable Object> RunResult<O> ended(Workflow<?, O> workflow, Entry entry) {
        String runId = entry.lease().runId();
        if (!(EntryCodec.decode(entry) instanceof EntryBody.End end)) {
            throw new NotPossibleException("run " + runId + " was moved to another store; ask for it there");
        }
        if (end.status() == RunStatus.CANCELLED) {
            return new RunResult.Cancelled<>(runId);
        }
        if (end.outcome() instanceof StepOutcome.Failed failed) {
            return new RunResult.Failed<>(connection.failed(end.step(), failed.failure()));
        }
        return new RunResult.Completed<>(output(workflow, runId, end.outcome()));
    }

    @SuppressWarnings("NullAway") // a workflow without output is declared with a type that has only null
    private <O extends @Nullable Object> O output(Workflow<?, O> workflow, String runId, StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Value value) {
            return connection.payloads().decode(() -> "the output of run " + runId, value.json(), workflow.output());
        }
        return null;
    }

    /** Executes a run that was just granted. */
    <I extends @Nullable Object, O extends @Nullable Object> RunResult<O> execute(
            Workflow<I, O> workflow, Granted granted, HolderClock.Mark sent, @Nullable RunInput<I> input) {
        HeldLease held = new HeldLease(
                connection.settings().clock(), sent, connection.settings().leaseTtl(), granted);
        RunRecord record = new RunRecord(granted.page().head());
        RunExecution execution = new RunExecution(connection, keeper, threads, held, record, workflow);
        keeper.keep(execution);
        underWay.add(execution);
        if (closing) {
            // close() may have looked before this one was there.
            execution.stop(closing(execution));
        }
        String outer = MDC.get(MDC_RUN);
        MDC.put(MDC_RUN, execution.id());
        RunResult<O> result;
        try {
            result = new WorkflowCall<>(connection, execution, workflow, input).run(granted.page());
        } finally {
            restoreMdc(outer);
            underWay.remove(execution);
            keeper.release(execution);
        }
        execution.tell(listener -> listener.runEnded(execution.id(), result));
        return result;
    }

    /** A run may be run inside a step's body of another. */
    private static void restoreMdc(@Nullable String outer) {
        if (outer == null) {
            MDC.remove(MDC_RUN);
        } else {
            MDC.put(MDC_RUN, outer);
        }
    }

    private static RunStopped closing(RunExecution execution) {
        return new RunStopped(StopReason.CLOSING, "run " + execution.id() + " stops: Cairn is closing", null);
    }

    void checkOpen() {
        if (closing) {
            throw new StoreClosedException("this Cairn is closed; open another one");
        }
    }

    /** Ends what is under way: at its next step each run stops and gives its lease back; bodies get so long to finish. */
    void close(Duration wait) {
        closing = true;
        HolderClock.Mark begun = connection.settings().clock().now();
        underWay.forEach(execution -> execution.stop(closing(execution)));
        while ((callers.get() > 0 || !underWay.isEmpty())
                && connection.settings().clock().since(begun).compareTo(wait) < 0) {
            if (!Repeats.paused(5)) {
                break;
            }
        }
        if (!underWay.isEmpty()) {
            LOG.warn("{} runs are still in a step's body; their leases run out by themselves", underWay.size());
        }
    }
}
