// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param <O> the workflow's output
 */
public sealed interface RunResult<O extends @Nullable Object> {
    /** The run's output, or the exception that {@code cairn.run} throws. */
    O get();

    /**
     * The run completed, now or before.
     *
     * @param output decoded from what is recorded
     */
    record Completed<O extends @Nullable Object>(O output) implements RunResult<O> {
        @Override
        public O get() {
            return output;
        }

        /** Without the output: it may hold what no log should show. */
        @Override
        public String toString() {
            return "Completed";
        }
    }

    /**
     * The run failed, now or before. {@code retry} reopens it.
     *
     * @param failure as it is recorded
     */
    record Failed<O extends @Nullable Object>(StepFailedException failure) implements RunResult<O> {
        @Override
        public O get() {
            throw failure;
        }
    }

    /**
     * The run waits.
     *
     * @param awaits the signals it waits for
     */
    record Suspended<O extends @Nullable Object>(String runId, Set<String> awaits) implements RunResult<O> {
        @Override
        public O get() {
            throw new RunSuspendedException(runId, awaits);
        }
    }

    /**
     * The run was refused, or makes no progress: a person has to look at it, then it can be resumed.
     *
     * @param cause such as a {@link DivergedException}
     */
    record Blocked<O extends @Nullable Object>(CairnException cause) implements RunResult<O> {
        @Override
        public O get() {
            throw cause;
        }
    }

    /** The run was cancelled, now or before. */
    record Cancelled<O extends @Nullable Object>(String runId) implements RunResult<O> {
        @Override
        public O get() {
            throw new RunCancelledException("run " + runId + " was cancelled");
        }
    }

    /**
     * This execution ended and the run did not: a transient attempt, a lost lease, a store that cannot be reached. It can be
     * resumed.
     *
     * @param cause what ended it
     */
    record Interrupted<O extends @Nullable Object>(String runId, Throwable cause) implements RunResult<O> {
        @Override
        public O get() {
            throw new RunInterruptedException(runId, cause);
        }
    }
}
