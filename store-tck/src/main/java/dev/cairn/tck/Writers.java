// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that write a run each, until they are told to stop or are not answered. */
final class Writers {
    private static final int PATIENCE_SECONDS = 120;
    private static final int MANY = 1 << 20;

    private final List<Writer> writers = new ArrayList<>();
    private final List<FutureTask<String>> threads = new ArrayList<>();
    private final Semaphore acknowledged = new Semaphore(0);
    private final AtomicLong count = new AtomicLong();
    private volatile boolean stopped;

    /** Begins so many threads on each of these. */
    static Writers begin(Trial trial, List<Instance> instances, int each, boolean survives) {
        Writers all = new Writers();
        for (int i = 0; i < each * instances.size(); i++) {
            Instance who = instances.get(i % instances.size());
            all.writers.add(new Writer(trial, who, trial.freshRun("written"), survives, all::acknowledge));
        }
        all.writers.forEach(all::start);
        return all;
    }

    private void acknowledge() {
        count.incrementAndGet();
        acknowledged.release();
    }

    private void start(Writer writer) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                while (!stopped && writer.next()) {
                    Thread.onSpinWait();
                }
                return "ended";
            } finally {
                acknowledged.release(stopped ? 0 : MANY); // nobody waits for one that writes no more
            }
        });
        threads.add(task);
        WireProxy.daemon("cairn-tck-writer", task);
    }

    /** Waits for so many more acknowledgements, or until one of them writes no more. */
    void await(int more) {
        try {
            if (!acknowledged.tryAcquire(more, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no " + more + " writes within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
    }

    /** Lets each end its last request. */
    void stop() {
        stopped = true;
        for (FutureTask<String> thread : threads) {
            try {
                thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the kit was interrupted while it waited", e);
            } catch (ExecutionException e) {
                throw Thrown.unchecked(Objects.requireNonNullElse(e.getCause(), e));
            } catch (TimeoutException e) {
                throw new IllegalStateException("a write did not end within " + PATIENCE_SECONDS + " s", e);
            }
        }
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        return count.get();
    }

    List<Writer> all() {
        return writers;
    }
}
