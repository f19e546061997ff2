// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.Arrays;

/**
 * Takes the time of one run at the few steps where it matters, so that looking costs nothing, and passes the turn on at
 * those that are between. What the others do meanwhile is not counted. One thread at a time: the caller's, then the one that
 * runs the code, then the caller's.
 */
final class LapClock {
    private static final int SLICES = 50;

    private final int steps;
    private final int slice;
    private final long[] slices;
    private final Turn turn;

    private volatile long elapsed;
    private volatile long since;
    private volatile long begun;
    private volatile long last;
    private volatile long ended;

    /** Begins to count: the run is about to be called. */
    LapClock(Load load, Turn turn) {
        this.steps = load.steps();
        this.slice = Math.max(1, steps / SLICES);
        this.slices = new long[steps / slice];
        this.turn = turn;
        this.since = System.nanoTime();
    }

    /** The code of the run has been entered. */
    void begin() {
        begun = nanos();
        last = begun;
    }

    /** A step is done, counted from 0. */
    void done(int step) {
        int count = step + 1;
        if (count % slice != 0 && count != steps) {
            return;
        }
        long nanos = nanos();
        if (count % slice == 0) {
            slices[count / slice - 1] = nanos - last;
            last = nanos;
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
        int tenth = Math.max(1, slices.length / 10);
        return new Laps(
                steps,
                nanos(),
                median(Arrays.copyOf(slices, tenth)),
                median(Arrays.copyOfRange(slices, slices.length - tenth, slices.length)));
    }

    private static double median(long[] nanos) {
        return Rounds.median(Arrays.stream(nanos).asDoubleStream().toArray());
    }
}
