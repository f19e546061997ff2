// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CRASH: what outlives the server, and what outlives its loss. */
interface ServerClauses extends KitClauses {
    @Clause(
            id = "CRASH-05",
            must =
                    "Every acknowledged write MUST be there after SIGKILL and restart of the server (tier SERVER_CRASH and above);"
                            + " declared durability facts MUST match the live configuration",
            why = "a step that was done is done again, or never known, when the database comes back",
            usualFix = "acknowledge when the server has written its log; read the facts from the server, each time")
    default void crash_05_acknowledgedOutlivesServer(Trial trial) throws Exception {
        Restarts.underLoad(trial);
    }

    @Clause(
            id = "CRASH-08",
            must =
                    "After an idle server restart the first call MUST succeed or fail typed, and the second MUST succeed",
            why = "after every restart of the database all workers have to be restarted too",
            usualFix = "give up every connection that the restart cut, not only the one that was just used")
    default void crash_08_secondCallAfterRestartSucceeds(Trial trial) {
        Restarts.whileIdle(trial);
    }

    @Clause(
            id = "CRASH-09",
            must =
                    "On failover at tier NODE_LOSS no acknowledged write MUST be missing; below that tier the run MUST be a"
                            + " prefix of its history",
            why = "steps are lost with the server that acknowledged them, or a run is left with a hole",
            usualFix = "wait for the second server before the answer, or state a lower tier")
    default void crash_09_failoverLosesNothingAcknowledged(Trial trial) throws Exception {
        Failovers.underLoad(trial);
    }

    @Clause(
            id = "CRASH-10",
            must = "An acknowledgement given on a repeat MUST survive what the first one would have",
            why = "a step that only the first server has is taken for done, and is lost with that server",
            usualFix = "let the repeat write, or wait, until the second server has what the first one wrote")
    default void crash_10_repeatIsAsDurable(Trial trial) {
        Failovers.repeated(trial);
    }
}
