// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.LeaseId;
import dev.cairn.state.Bytes;
import dev.cairn.tck.Races.Pair;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Two processes that want something of one run while somebody holds the database's own lock on its head, or has an entry at
 * the next place that is not committed. Both queue, in one order and in the other; then the holder commits or rolls back.
 * What happens inside of one request shows only so: no wire has a point there.
 */
final class Holds {
    private static final long PATIENCE_SECONDS = 90;

    /**
     * A scene whose parties want one place.
     *
     * @param commit what one of them wants to write there
     */
    record Placed(Entry commit, Pair pair) {}

    /** Prepares a run for two who want one place in it. */
    @FunctionalInterface
    interface PlaceScene {
        Placed on(Instance one, Instance other, String runId);
    }

    /** What is held until both have queued. */
    private interface Holding {
        Optional<StoreLocks.Held> hold();
    }

    private final Trial trial;
    private final StoreLocks locks;
    private final Instance one;
    private final Instance other;
    private final OptionalLong deadlocks;
    private int queued;
    private int waited;

    Holds(Trial trial) {
        this.trial = trial;
        this.locks = trial.locks();
        this.one = trial.open("A");
        this.other = trial.open("B");
        this.deadlocks = locks.deadlocks(trial.env(one));
    }

    /** Queues both parties of a scene behind a held head. */
    Holds head(String what, Races.Scene scene) {
        for (boolean commits : new boolean[] {false, true}) {
            for (boolean swapped : new boolean[] {false, true}) {
                String id = trial.freshRun("queued");
                Pair pair = scene.on(one, other, id);
                String when = what + ", behind a held head that is " + ended(commits);
                queue(when, () -> Optional.of(locks.holdHead(env(), id)), commits, pair, swapped);
            }
        }
        return this;
    }

    /**
     * Queues both parties of a scene behind an entry at the place that is not committed: one that says the same, as a first
     * copy of the commit does, and another one of the same holder.
     */
    Holds place(String what, PlaceScene scene) {
        for (boolean same : new boolean[] {true, false}) {
            for (boolean commits : new boolean[] {false, true}) {
                for (boolean swapped : new boolean[] {false, true}) {
                    Placed placed = scene.on(one, other, trial.freshRun("queued"));
                    Entry entry = same ? placed.commit() : rival(placed.commit());
                    String when = what + ", behind " + (same ? "its first copy" : "another commit") + " that is "
                            + ended(commits);
                    queue(when, () -> locks.holdEntry(env(), entry), commits, placed.pair(), swapped);
                }
            }
        }
        return this;
    }

    private StoreEnv env() {
        return trial.env(one);
    }

    private static String ended(boolean commits) {
        return commits ? "committed" : "rolled back";
    }

    /** Another commit of the same holder for the same place. */
    static Entry rival(Entry entry) {
        CommitId another = CommitId.of(LeaseId.random(), entry.place());
        return Entry.of(
                entry.lease(), entry.place(), dev.cairn.spi.EntryKind.PLAIN, another, Bytes.utf8("another commit"));
    }

    private void queue(String what, Holding holding, boolean commits, Pair pair, boolean swapped) {
        Optional<StoreLocks.Held> got = holding.hold();
        if (got.isEmpty()) {
            return;
        }
        String when = what + (swapped ? ", the second one first: " : ": ");
        trial.did(when + "held");
        FutureTask<Told> first;
        FutureTask<Told> second;
        try (StoreLocks.Held held = got.get()) {
            first = queues(held, List.of(), swapped ? pair.meanwhile() : pair.held());
            second = queues(held, List.of(first), swapped ? pair.held() : pair.meanwhile());
            waited += first.isDone() && second.isDone() ? 0 : 1;
            if (commits) {
                held.commit();
            }
        }
        queued++;
        Told x = Races.ended(swapped ? second : first);
        Told y = Races.ended(swapped ? first : second);
        OptionalLong now = locks.deadlocks(env());
        if (now.isPresent()) {
            trial.equal(
                    when + "requests that waited for each other in a circle",
                    0L,
                    now.getAsLong() - deadlocks.orElse(0));
        }
        pair.check().after(when, x, y);
    }

    /** Starts a call and returns when it has ended, or waits behind those that came before. */
    static FutureTask<Told> queues(StoreLocks.Held held, List<FutureTask<Told>> before, Callable<?> call) {
        FutureTask<Told> task = new FutureTask<>(() -> Told.of(call));
        Thread thread = Races.thread(task);
        thread.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Races.isEndedWithin(task, 1)) {
            OptionalInt waiting = held.waiting();
            if (waiting.isEmpty()) {
                Races.isWaiting(thread, task);
                return task;
            }
            long ahead = before.stream().filter(one -> !one.isDone()).count();
            if (waiting.getAsInt() > ahead) {
                return task;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "a call neither ended nor waited for what is held within " + PATIENCE_SECONDS + " s");
            }
        }
        return task;
    }

    /** Says how many queues there were. */
    void done() {
        trial.tried(queued + " queues behind a lock, in " + waited + " of which somebody waited", queued);
    }
}
