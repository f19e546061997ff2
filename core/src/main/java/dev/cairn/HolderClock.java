// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * How a holder measures what elapsed: by the larger of its monotonic and its wall clock, because the one may stand still
 * while the host sleeps and the other may be set back (guarantee G2).
 */
record HolderClock(InstantSource wall, LongSupplier nanos) {
    /** A moment by both clocks. */
    record Mark(long millis, long nanos) {}

    Mark now() {
        return new Mark(wall.millis(), nanos.getAsLong());
    }

    Duration since(Mark mark) {
        Duration byWall = Duration.ofMillis(Math.max(0, wall.millis() - mark.millis()));
        Duration byNanos = Duration.ofNanos(Math.max(0, nanos.getAsLong() - mark.nanos()));
        return byWall.compareTo(byNanos) > 0 ? byWall : byNanos;
    }
}
