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
}
