// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How a holder measures what elapsed: by the larger of its monotonic and its wall clock, because the one may stand still
 * while the host sleeps and the other may be set back (guarantee G2).
 */
record HolderClock(InstantSource wall, LongSupplier nanos) {
    /** A moment by both clocks. */
    record Mark(long millis, long nanos) {
        private long nanosUntil(Mark later) {
            long byWall = TimeUnit.MILLISECONDS.toNanos(Math.max(0, later.millis - millis));
            long byNanos = Math.max(0, later.nanos - nanos);
            return Math.max(byWall, byNanos);
        }
    }

    Mark now() {
        return new Mark(wall.millis(), nanos.getAsLong());
    }

    Duration since(Mark mark) {
        return Duration.ofNanos(nanosSince(mark));
    }

    /** The same as a number: it is asked several times in each step. */
    long nanosSince(Mark mark) {
        return mark.nanosUntil(now());
    }
}
