// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Due;
import dev.cairn.spi.HeadChange;
import java.time.Duration;
import java.time.Instant;

/** When a run that ended without progress may be tried again: later each time, and after five times not without a person. */
final class Backoff {
    private static final int ATTEMPTS_WITHOUT_PROGRESS = 5;
    private static final int MAX_REASON = 2000;

    private Backoff() {}

    /** After an attempt: ready a little later, or blocked. */
    static HeadChange.Builder afterAttempt(RunRecord record, Instant storeNow, String key, Throwable thrown) {
        int tries = record.grantsSinceProgress();
        if (tries < ATTEMPTS_WITHOUT_PROGRESS) {
            return HeadChange.ready(due(tries, storeNow));
        }
        return HeadChange.blocked(
                tries + " attempts without progress, the last in " + (key.isEmpty() ? "the workflow" : "step " + key)
                        + " by " + thrown.getClass().getName() + "; mend the cause and resume the run",
                Due.never());
    }

    /** After a refusal: blocked, for a worker with other code to try a little later. */
    static HeadChange.Builder refused(RunRecord record, Instant storeNow, String reason) {
        int tries = record.grantsSinceProgress();
        return HeadChange.blocked(
                shown(reason), tries < ATTEMPTS_WITHOUT_PROGRESS ? due(tries, storeNow) : Due.never());
    }

    /** Cut, and without what no store keeps: the reason may quote anything. */
    private static String shown(String reason) {
        StringBuilder shown = new StringBuilder();
        reason.codePoints()
                .limit(MAX_REASON)
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return reason.codePointCount(0, reason.length()) <= MAX_REASON ? shown.toString() : shown + "…";
    }

    /** 1 s after the first try, doubling. */
    private static Due due(int tries, Instant storeNow) {
        return Due.at(storeNow.plus(Duration.ofSeconds(1L << Math.max(tries - 1, 0))));
    }
}
