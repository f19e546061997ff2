// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Repeats a request whose outcome is unknown with the same ids until it is known, or the time limit for it is over (design:
 * never reported as a definite failure, never resolved by reading alone).
 */
record Repeats(HolderClock clock, Duration limit) {
    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    /** Repeats while the outcome is unknown. */
    <T> T untilKnown(Supplier<T> request) {
        HolderClock.Mark begun = clock.now();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return request.get();
            } catch (OutcomeUnknownException e) {
                pauseOrThrow(begun, pause, e);
            }
        }
    }

    /**
     * Repeats while the outcome is unknown, where the deciding request was done before: that the store cannot be reached does
     * not say any more that nothing was changed, so that is thrown as an unknown outcome too (contract CRASH-01).
     */
    <T> T afterwards(Supplier<T> request) {
        try {
            return untilKnown(request);
        } catch (StoreUnavailableException e) {
            throw new OutcomeUnknownException(
                    "it was begun, and the store could not be reached for the rest of it; repeat the call", e);
        }
    }

    /** Repeats while the outcome is unknown or the store cannot be reached: for what must be recorded now or never. */
    <T> T untilDone(Supplier<T> request) {
        HolderClock.Mark begun = clock.now();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return request.get();
            } catch (OutcomeUnknownException | StoreUnavailableException e) {
                pauseOrThrow(begun, pause, e);
            }
        }
    }

    private void pauseOrThrow(HolderClock.Mark begun, long millis, RuntimeException cause) {
        // Asked again after the pause: a host that slept in it sends nothing old (the fences are kept for so long
        // only).
        if (isOver(begun) || !paused(millis) || isOver(begun)) {
            throw cause;
        }
    }

    private boolean isOver(HolderClock.Mark begun) {
        return clock.since(begun).compareTo(limit) >= 0;
    }

    /** Waits; answers false, with the interrupt flag set, if it was interrupted. */
    static boolean paused(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
