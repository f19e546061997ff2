// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** A clock that stands still until it is moved, forth or back. Safe for use by several threads. */
public final class MovableClock implements InstantSource {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final ReentrantLock moving = new ReentrantLock();
    private volatile Instant now;

    private MovableClock(Instant start) {
        now = start;
    }

    /** A clock that shows a fixed time in 2030, so that no test depends on today. */
    public static MovableClock create() {
        return new MovableClock(START);
    }

    /** A clock that shows this time. */
    public static MovableClock at(Instant start) {
        return new MovableClock(start);
    }

    /** Shows this time from now on; it may be earlier. */
    public void set(Instant time) {
        move(before -> time);
    }

    /** Goes on by a duration; by a negative one, it goes back. */
    public void advance(Duration by) {
        move(before -> before.plus(by));
    }

    /** Goes back by a duration. */
    public void putBack(Duration by) {
        move(before -> before.minus(by));
    }

    private void move(UnaryOperator<Instant> to) {
        moving.lock();
        try {
            now = to.apply(now);
        } finally {
            moving.unlock();
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public String toString() {
        return "MovableClock[" + now + "]";
    }
}
