// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** PERF: floors that hold on any hardware. */
interface PerfClauses extends KitClauses {
    @Clause(
            id = "PERF-01",
            must =
                    "A plain commit MUST be exactly one round trip, and its wire bytes at step 10,000 at most 1.05 × those at"
                            + " step 10; a batch over n runs MUST be one round trip or n pipelined ones",
            why = "each step costs more than the one before, or waits for the network more often than it has to",
            usualFix = "one insert a step, that looks at one place and sends one entry")
    default void perf_01_stepIsOneRoundTrip(Trial trial) {
        WireChecks.oneRoundTrip(trial);
    }

    @Clause(
            id = "PERF-02",
            must = "Listing one page out of many runs MUST transfer O(page) bytes in ≤ the declared round trips",
            why = "an operator's page takes longer with every run that was ever kept, and its database with it",
            usualFix = "let the database cut the page, from the place where the one before it ended")
    default void perf_02_pageCostsWhatIsOnIt(Trial trial) {
        OnePage.costs(trial);
    }
}
