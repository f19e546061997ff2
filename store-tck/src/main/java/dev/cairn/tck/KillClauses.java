// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CRASH: what is left when the process that writes is killed. */
interface KillClauses extends KitClauses {
    @Clause(
            id = "CRASH-04",
            must =
                    "Every acknowledged write MUST be there after SIGKILL of the client process and at once visible to another"
                            + " instance",
            why = "a step that was told to be recorded is lost with the process, and its effect happens twice",
            usualFix = "answer when the database has committed, never from a buffer")
    default void crash_04_acknowledgedWritesOutliveTheirProcess(Trial trial) {
        Kills.acknowledgedIsThere(trial);
    }

    @Clause(
            id = "CRASH-06",
            must = "After SIGKILL the storage MUST open without repair and hold no orphan lock or transaction",
            why = "one worker that dies stops all others, until somebody removes what it left",
            usualFix = "hold only what the database or the operating system gives back when a process dies")
    default void crash_06_killedProcessLeavesNoLock(Trial trial) {
        Kills.nothingIsLeft(trial);
    }
}
