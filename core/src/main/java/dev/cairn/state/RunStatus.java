// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

/** Where a run stands. */
public enum RunStatus {
    /** Being written by an import or a restore; nobody may run it. */
    ARRIVING,
    /** Free, and due at its due time. */
    READY,
    /** Held under a lease. Never stored: a run that is ready, suspended or blocked and has a lease shows as running. */
    RUNNING,
    /** Waiting for a signal or a deadline. */
    SUSPENDED,
    /** Refused or without progress; waits for a person, or for its due time. */
    BLOCKED,
    /** Ended with an output. */
    COMPLETED,
    /** Ended with a failure; can be reopened by a retry. */
    FAILED,
    /** Ended by a cancel. */
    CANCELLED,
    /** Deleted; hidden from every read, kept for its fence time, free to be created anew. */
    GONE;

    /** Whether the run has ended: completed, failed or cancelled. */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
