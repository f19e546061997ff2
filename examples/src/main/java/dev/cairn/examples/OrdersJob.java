// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.Cairn;
import dev.cairn.RunHeldException;
import dev.cairn.RunInterruptedException;
import dev.cairn.Workflow;
import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Runs orders in rounds until all have ended. An order that another process holds, or whose lease was lost to one, comes
 * again in the next round. For one use.
 */
final class OrdersJob {
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Cairn cairn;
    private final Workflow<Order, String> workflow;
    private final StepCounter steps;
    private final Pace pace;
    private final Progress progress;
    private final AtomicLong ended = new AtomicLong();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    /**
     * How the job goes about its orders.
     *
     * @param lease how long a dead process keeps an order
     * @param concurrency how many orders at a time, at least 1
     * @param nanos elapsed time
     */
    record Pace(Duration lease, int concurrency, LongSupplier nanos) {}

    OrdersJob(Cairn cairn, Workflow<Order, String> workflow, StepCounter steps, Pace pace, Progress progress) {
        this.cairn = cairn;
        this.workflow = workflow;
        this.steps = steps;
        this.pace = pace;
        this.progress = progress;
    }

    /** Runs the orders until all have ended, or nothing has moved for two lease lengths; returns what went wrong. */
    List<String> run(List<Order> orders) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(pace.concurrency());
        try {
            List<Order> left = rounds(orders, threads);
            left.forEach(order -> problems.add(
                    order.runId() + " did not end: nothing moved for two lease lengths; run the same command again"));
        } finally {
            threads.shutdownNow();
        }
        return List.copyOf(problems);
    }

    private List<Order> rounds(List<Order> orders, ExecutorService threads) throws InterruptedException {
        List<Order> left = orders;
        long lastMove = pace.nanos().getAsLong();
        while (true) {
            long begun = pace.nanos().getAsLong();
            long before = moves();
            left = round(left, threads);
            if (left.isEmpty()) {
                return left;
            }
            if (moves() != before) {
                lastMove = pace.nanos().getAsLong();
            } else if (begun - lastMove >= 2 * pace.lease().toNanos()) {
                // Only a round that began so late may say so: this process may have been stopped in the middle of one.
                return left;
            } else {
                Thread.sleep(Math.min(pace.lease().toMillis() / 10, LONGEST_PAUSE_MILLIS));
            }
        }
    }

    private long moves() {
        return ended.get() + steps.recorded();
    }

    /** Runs each order once, and returns those that have to come again. */
    private List<Order> round(List<Order> orders, ExecutorService threads) throws InterruptedException {
        Queue<Order> todo = new ConcurrentLinkedQueue<>(orders);
        Queue<Order> again = new ConcurrentLinkedQueue<>();
        Callable<Boolean> worker = () -> {
            for (Order order = todo.poll(); order != null; order = todo.poll()) {
                if (isEnded(order)) {
                    ended.incrementAndGet();
                    progress.orderEnded();
                } else {
                    again.add(order);
                }
            }
            return true;
        };
        awaitAll(threads.invokeAll(Collections.nCopies(pace.concurrency(), worker)));
        return List.copyOf(again);
    }

    private static void awaitAll(Collection<Future<Boolean>> workers) throws InterruptedException {
        for (Future<Boolean> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker of the job died", e.getCause());
            }
        }
    }

    private boolean isEnded(Order order) {
        try {
            cairn.run(workflow, order.runId(), order);
            return true;
        } catch (RunHeldException
                | RunInterruptedException
                | StoreUnavailableException
                | OutcomeUnknownException later) {
            return false;
        } catch (CairnException e) {
            // Failed, cancelled, blocked, or refused: this order will not end better by trying on; the others may.
            problems.add(order.runId() + " did not complete: " + e.getMessage());
            return true;
        }
    }
}
