// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process does, with a bound. */
final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Waiting() {}

    /** Returns whether {@code done} was seen within the limit. */
    static boolean until(Duration limit, BooleanSupplier done) {
        long begun = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - begun > limit.toNanos()) {
                return false;
            }
            pause(PAUSE);
        }
        return true;
    }

    /** Sleeps. */
    static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sets the thread's flag again and returns what to throw. */
    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a server", e);
    }
}
