// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** What is timed in every round. */
enum Figure {
    /** Time per step of one run, outcomes of 100 bytes. */
    ONE_RUN("one run, 100 B", "µs/step"),
    /** What the last tenth of that run's steps took by what the first tenth took. */
    GROWTH("last tenth : first tenth", "×"),
    /** Time per step of one run, outcomes of 1,000 bytes. */
    ONE_RUN_LARGE("one run, 1,000 B", "µs/step"),
    /** Growth over that run. */
    GROWTH_LARGE("last tenth : first tenth, 1,000 B", "×"),
    /** One insert by the raw driver of the very bytes that Cairn wrote for a step of 100 bytes. */
    ENTRY_BYTES("the bytes of Cairn's entries", "µs/insert"),
    /** Steps per second of 32 runs at a time, of the raw driver inserts per second on as many connections. */
    RUNS_32("32 runs", "steps/s"),
    /** Steps per second of 128 runs at a time. */
    RUNS_128("128 runs", "steps/s"),
    /** Reading all recorded steps of a run again. */
    RESUME("resume", "ms");

    private final String title;
    private final String unit;

    Figure(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }
}
