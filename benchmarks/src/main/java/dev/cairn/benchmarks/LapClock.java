// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * Takes the time of one run at the few steps where it matters, so that looking costs nothing, and passes the turn on at
 * those that are between. What the others do meanwhile is not counted. One thread at a time: the caller's, then the one that
 * runs the code, then the caller's.
 */
final class LapClock {
    private static final int SLICES = 50;

    private final int steps;
    private final int tenth;
    private final int slice;
    private final Turn turn;

    private volatile long elapsed;
    private volatile long since;
    private volatile long begun;
    private volatile long firstEnded;
    private volatile long lastBegun;
    private volatile long ended;

    /** Begins to count: the run is about to be called. */
    LapClock(Load load, Turn turn) {
        this.steps = load.steps();
        this.tenth = load.tenth();
        this.slice = Math.max(1, steps / SLICES);
        this.turn = turn;
        this.since = System.nanoTime();
    }

    /** The code of the run has been entered. */
    void begin() {
        begun = nanos();
    }

    /** A step is done, counted from 0. */
    void done(int step) {
        int count = step + 1;
        if (count % slice != 0 && count != tenth && count != steps - tenth && count != steps) {
            return;
        }
        long nanos = nanos();
        if (count == tenth) {
            firstEnded = nanos;
        }
        if (count == steps - tenth) {
            lastBegun = nanos;
        }
        if (count == steps) {
            ended = nanos;
        } else if (count % slice == 0) {
            elapsed = nanos;
            turn.pass();
            since = System.nanoTime();
        }
    }

    private long nanos() {
        return elapsed + System.nanoTime() - since;
    }

    /** From the entry into the run's code to its last step. */
    long inside() {
        return ended - begun;
    }

    /** The laps of the run, whose answer has just come. */
    Laps laps() {
        return new Laps(steps, nanos(), firstEnded - begun, ended - lastBegun);
    }
}
