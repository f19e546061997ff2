// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Two processes that want something of one run. One of them is held before each of its requests in turn; the other does
 * its part there, to its end or until it waits for a lock; then the first goes on. Where the points are, running it shows.
 */
final class Races {
    /** Far above what any call sends. */
    private static final int MOST = 500;

    /** A call that has made no progress for so long waits for the one that is held. No verdict depends on it. */
    private static final int WAITS_MILLIS = 20;

    /** The same of one of which nothing can be seen, because it reads from a socket. */
    private static final int SILENT_MILLIS = 100;

    private static final int PATIENCE_SECONDS = 90;

    /** What both do, and what must hold when both have ended. */
    record Pair(Callable<?> held, Callable<?> meanwhile, Check check) {}

    /** What must hold when both have ended. */
    @FunctionalInterface
    interface Check {
        void after(String when, Told held, Told meanwhile);
    }

    /** Prepares a run for two processes: the one that is held, and the other. */
    @FunctionalInterface
    interface Scene {
        Pair on(Instance held, Instance other, String runId);
    }

    private final Trial trial;
    private final Wired who;
    private final Instance other;
    private int points;
    private int waited;

    Races(Trial trial) {
        this(trial, trial.wired("A"), trial.open("B"));
    }

    /** Between these two. */
    Races(Trial trial, Wired who, Instance other) {
        this.trial = trial;
        this.who = who;
        this.other = other;
    }

    /** Tries a scene at every request of who is held, and once more with nobody held. */
    Races explore(String what, Scene scene) {
        int request = 1;
        while (isMet(what, scene, request)) {
            request++;
            points++;
            if (request > MOST) {
                throw new IllegalStateException(what + ": a call has no last request");
            }
        }
        trial.that(request > 1, what + ": a request at which somebody can be held", "none");
        return this;
    }

    /** Says how many points there were. */
    void done() {
        trial.tried(points + " requests held, at " + waited + " of which the other waited", points);
    }

    private boolean isMet(String what, Scene scene, int request) {
        Pair pair = scene.on(who.who(), other, trial.freshRun("held"));
        who.wire().arm(request, Fault.HOLD);
        FutureTask<Told> held = new FutureTask<>(() -> Told.of(pair.held()));
        FutureTask<Told> meanwhile = new FutureTask<>(() -> Told.of(pair.meanwhile()));
        Thread first = thread(held);
        first.start();
        boolean met = who.wire().isReached(held::isDone);
        String when = what + (met ? ", held at request " + request : ", one after the other") + ": ";
        trial.did(when + "armed");
        Thread second = thread(meanwhile);
        second.start();
        if (met && isWaiting(second, meanwhile)) {
            waited++;
        }
        who.wire().disarm();
        pair.check().after(when, ended(held), ended(meanwhile));
        return met;
    }

    static Thread thread(FutureTask<Told> task) {
        Thread thread = new Thread(task, "cairn-tck-race");
        thread.setDaemon(true);
        return thread;
    }

    /** Until it has ended, or does nothing any more. */
    static boolean isWaiting(Thread thread, FutureTask<Told> task) {
        int still = 0;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SILENT_MILLIS);
        while (still < WAITS_MILLIS && System.nanoTime() - deadline < 0) {
            if (isEndedWithin(task, 1)) {
                return false;
            }
            still = thread.getState() == Thread.State.RUNNABLE ? 0 : still + 1;
        }
        return true;
    }

    static boolean isEndedWithin(FutureTask<Told> task, int millis) {
        try {
            task.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call on a thread of its own. */
    static FutureTask<Told> started(Callable<?> call) {
        FutureTask<Told> task = new FutureTask<>(() -> Told.of(call));
        thread(task).start();
        return task;
    }

    /** Until it has ended, or for as long as one that waits is silent. */
    static void untilWaiting(FutureTask<Told> task) {
        isEndedWithin(task, SILENT_MILLIS);
    }

    static Told ended(FutureTask<Told> task) {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a call did not end within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
