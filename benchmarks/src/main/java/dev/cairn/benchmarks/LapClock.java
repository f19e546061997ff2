// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** Takes the time of one run at the few steps where it matters, so that looking costs nothing. Written by one thread. */
final class LapClock {
    private final int steps;
    private final int tenth;
    private final long called = System.nanoTime();
    private volatile long begun;
    private volatile long firstEnded;
    private volatile long lastBegun;
    private volatile long ended;

    LapClock(Load load) {
        steps = load.steps();
        tenth = load.tenth();
    }

    /** The code of the run has been entered. */
    void begin() {
        begun = System.nanoTime();
    }

    /** A step is done, counted from 0. */
    void done(int step) {
        if (step + 1 == tenth) {
            firstEnded = System.nanoTime();
        }
        if (step + 1 == steps - tenth) {
            lastBegun = System.nanoTime();
        }
        if (step + 1 == steps) {
            ended = System.nanoTime();
        }
    }

    /** From the entry into the run's code to its last step. */
    long inside() {
        return ended - begun;
    }

    /** The laps of the run, whose answer has just come. */
    Laps laps() {
        return new Laps(steps, System.nanoTime() - called, firstEnded - begun, ended - lastBegun);
    }
}
