// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Processes that are killed while they write, and what an instance sees that was open all along. */
final class Kills {
    /** How often by default, and what sets it: {@code -Dtck.kills=1000}. */
    private static final int KILLS = Integer.getInteger("tck.kills", 20);

    private static final int KILLS_IN_CALLS = 3;
    private static final int AHEAD = 2;
    private static final int LATEST_MICROS = 3_000;

    /** What waits for a lock that nobody holds any more does so for this long, and fails. */
    private static final Duration LOCK_BOUND = Duration.ofSeconds(5);

    private final Trial trial;
    private final Deque<Child> ahead = new ArrayDeque<>();
    private int toStart;
    private int lives;

    private Kills(Trial trial, int lives) {
        this.trial = trial;
        this.toStart = lives;
        startAhead();
    }

    /** The next one starts while the one before is at work. */
    private void startAhead() {
        while (ahead.size() < AHEAD && toStart > 0) {
            ahead.add(trial.child(ChildJvm.PLAIN));
            toStart--;
        }
    }

    private Child next() {
        lives++;
        Child next = ahead.remove();
        startAhead();
        return next;
    }

    // --- CRASH-04

    static void acknowledgedIsThere(Trial trial) {
        Kills kills = new Kills(trial, KILLS);
        Instance other = trial.open("other");
        for (int kill = 0; kill < KILLS; kill++) {
            kills.life(other);
        }
        trial.tried(KILLS + " kills of a child", KILLS);
    }

    private void life(Instance other) {
        Child child = next();
        Life life = new Life(trial, trial.inside("child " + lives, child), other, "life-" + lives + "-");
        int acknowledged = 4 + trial.random().nextInt(60);
        killed(child, life, life.loads(), acknowledged);
        life.witnesses().forEach(witness -> witness.check(trial, other));
        List<Witness> open =
                life.witnesses().stream().filter(Witness::isOpen).limit(3).toList();
        open.forEach(witness -> resumed(witness, other));
    }

    /** Lets a child do this, and kills it a moment after it has acknowledged so much. */
    private void killed(Child child, Life life, List<Callable<Object>> loads, int acknowledged) {
        long moment = trial.random().nextInt(LATEST_MICROS) * 1_000L;
        List<Callable<Object>> all = new ArrayList<>(loads);
        all.add(() -> {
            while (life.acknowledged() < acknowledged && !life.isOver()) {
                LockSupport.parkNanos(20_000);
            }
            long end = System.nanoTime() + moment;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait(); // no wait of the operating system's is as short
            }
            child.kill();
            return "killed";
        });
        trial.atOnce(all);
        trial.did("child " + lives + " was killed after " + life.acknowledged() + " acknowledged writes, "
                + child.unanswered() + " calls under way");
    }

    /** Another process takes the run over and goes on. */
    private void resumed(Witness witness, Instance other) {
        Condition live = Condition.open().over(Condition.Over.LIVE).build();
        Granted taken =
                Answers.granted(trial, "the run of a killed process taken over", other.acquire(witness.runId(), live));
        trial.that(
                Seen.entriesOf(other.store(), taken).containsAll(witness.acknowledged()),
                "all that was acknowledged handed over",
                witness.acknowledged().size() + " entries, not all of them");
        long place = other.read(witness.runId()).length();
        trial.is(Appended.Written.class, "the next step written", other.step(taken.lease(), place, "resumed"));
    }

    // --- CRASH-06

    static void nothingIsLeft(Trial trial) {
        Kills kills = new Kills(trial, 3 * KILLS_IN_CALLS);
        StoreOptions options = trial.options().lockBound(LOCK_BOUND).build();
        Instance other = trial.open("other", options);
        int inCalls = 0;
        for (int kill = 0; kill < 3 * KILLS_IN_CALLS && inCalls < KILLS_IN_CALLS; kill++) {
            Child child = kills.next();
            Life life =
                    new Life(trial, trial.inside("child " + kills.lives, child), other, "large-" + kills.lives + "-");
            kills.killed(child, life, life.largeLoads(), 8 + trial.random().nextInt(24));
            inCalls += child.unanswered() > 0 ? 1 : 0;
            kills.writesAtOnce(other, life);
            Instance opened =
                    Checks.answered(trial, "the storage to open after a kill", () -> trial.open("opened", options));
            kills.writesAtOnce(opened, life);
            opened.close();
        }
        if (inCalls == 0) {
            throw new IllegalStateException("[META-05] no child was killed while a call of its store was under way");
        }
        trial.tried(inCalls + " kills with calls under way", inCalls);
    }

    /** Every kind of write, of new runs and of those that the dead one had. */
    private void writesAtOnce(Instance who, Life life) {
        String run = trial.freshRun("after");
        Checks.answered(trial, "writes at once after a kill, with no lock in the way", () -> {
            who.createFree(run);
            who.free(who.claim(1).get(0).lease());
            for (Witness witness : life.witnesses()) {
                Granted taken = who.supersede(witness.runId());
                who.steps(taken.lease(), who.read(witness.runId()).length(), 1);
                who.free(taken.lease());
            }
            who.signal(run, Requests.message("m", "n"));
            who.delete(run);
            return who;
        });
    }
}
