// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of a host: one that shows the time of day, and one that counts. */
final class HostClocks implements InstantSource {
    private final AtomicLong millis = new AtomicLong(1_900_000_000_000L);
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    /** What the one that counts shows. */
    long nanos() {
        return nanos.get();
    }

    /** Which of them shows that the host slept. */
    enum Shown {
        BY_WALL,
        BY_COUNTER;

        /** Lets it show. */
        void show(HostClocks clocks, Duration slept) {
            if (this == BY_WALL) {
                clocks.millis.addAndGet(slept.toMillis());
            } else {
                clocks.nanos.addAndGet(slept.toNanos());
                clocks.millis.addAndGet(-Duration.ofHours(1).toMillis());
            }
        }
    }
}
