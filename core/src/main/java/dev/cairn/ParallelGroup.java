// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The members of one parallel group. Members are started by the workflow's thread and run on others. */
final class ParallelGroup implements Parallel {
    private final RunExecution execution;
    private final List<Started<?>> members = new ArrayList<>();
    private boolean open;

    ParallelGroup(RunExecution execution) {
        this.execution = execution;
    }

    /** Learns all members before any of their bodies runs: a group that does not fit leaves no trace (contract RUN-06). */
    void ask(ParallelBody body) {
        open = true;
        try {
            body.start(this);
        } catch (Exception thrown) {
            Sneaky.rethrow(thrown);
        } finally {
            open = false;
        }
        execution.throwIfStopped();
    }

    /** Runs the members that are not recorded, to their end, however they end. */
    void runOn(Executor threads) {
        members.forEach(member -> member.startOn(threads));
        members.forEach(Started::await);
        members.forEach(Started::throwIfBroken);
        execution.throwIfStopped();
        recordAttempts();
    }

    /** All members have ended; each that ended in an attempt is recorded, the last one ends the execution. */
    private void recordAttempts() {
        List<Started<?>> tried =
                members.stream().filter(member -> member.attempt != null).toList();
        for (int i = 0; i < tried.size(); i++) {
            Throwable thrown = java.util.Objects.requireNonNull(tried.get(i).attempt);
            if (i < tried.size() - 1) {
                execution.triedBeside(tried.get(i).call.key(), thrown);
            } else {
                throw execution.tried(tried.get(i).call.key(), thrown);
            }
        }
    }

    void throwFirstFailure() {
        for (Started<?> member : members) {
            if (member.throwsFailure && member.outcome instanceof Outcome.Failed<?> failed) {
                throw failed.failure();
            }
        }
    }

    @Override
    public <T extends @Nullable Object> Member<T> step(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        Started<T> member = start(key, type, options, body);
        member.throwsFailure = true;
        return () -> member.outcome(open).get();
    }

    @Override
    public <T extends @Nullable Object> Member<Outcome<T>> tryStep(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        Started<T> member = start(key, type, options, body);
        return () -> member.outcome(open);
    }

    private <T extends @Nullable Object> Started<T> start(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        Started<T> member = new Started<>(execution.member(key, type, options, body));
        StepRecord recorded = execution.recorded(member.call);
        members.add(member);
        if (recorded != null) {
            member.outcome = member.call.replayed(recorded);
        }
        return member;
    }

    /** A member under way or ended. Its fields are written by its own thread and read after its future is done. */
    private static final class Started<T extends @Nullable Object> {
        private final StepCall<T> call;
        private boolean throwsFailure;
        private Future<?> future = CompletableFuture.completedFuture(null);
        private volatile @Nullable Outcome<T> outcome;
        private volatile @Nullable Throwable attempt;
        private volatile @Nullable Throwable broken;

        private Started(StepCall<T> call) {
            this.call = call;
        }

        private void startOn(Executor executor) {
            if (outcome != null) {
                return;
            }
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try {
                future = CompletableFuture.runAsync(() -> runWith(mdc, loader), executor);
            } catch (RejectedExecutionException closed) {
                broken = new RunStopped(StopReason.CLOSING, "Cairn is closed", closed);
            }
        }

        private void runWith(@Nullable Map<String, String> mdc, @Nullable ClassLoader loader) {
            Thread.currentThread().setContextClassLoader(loader);
            if (mdc != null) {
                MDC.setContextMap(mdc);
            }
            try {
                outcome = call.run();
            } catch (AttemptFailed tried) {
                attempt = tried.thrown();
            } catch (RuntimeException | Error e) {
                broken = e;
            } finally {
                MDC.clear();
            }
        }

        /** Waits also when interrupted: a member that runs on would otherwise commit behind the group's back. */
        private void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    future.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    broken = e.getCause();
                    break;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void throwIfBroken() {
            Throwable thrown = broken;
            if (thrown != null) {
                Sneaky.rethrow(thrown);
            }
        }

        private Outcome<T> outcome(boolean open) {
            Outcome<T> ended = outcome;
            if (open || ended == null) {
                throw new StepMisuse(
                        "the group of step " + call.key() + " has not ended; ask after run.parallel(…) returned");
            }
            return ended;
        }
    }
}
