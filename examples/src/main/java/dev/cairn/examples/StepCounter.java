// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.RunListener;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the steps of this process. Safe for use by many threads. */
final class StepCounter implements RunListener {
    private final AtomicLong run = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong recorded = new AtomicLong();

    @Override
    public void stepStarted(String runId, String key) {
        run.incrementAndGet();
    }

    @Override
    public void stepReplayed(String runId, String key) {
        replayed.incrementAndGet();
    }

    @Override
    public void stepRecorded(String runId, String key) {
        recorded.incrementAndGet();
    }

    /** Bodies that were started. */
    long run() {
        return run.get();
    }

    /** Recorded outcomes that were returned without running a body. */
    long replayed() {
        return replayed.get();
    }

    /** Outcomes that were put into the store. */
    long recorded() {
        return recorded.get();
    }
}
