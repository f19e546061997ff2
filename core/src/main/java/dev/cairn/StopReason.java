// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Why an execution ended before its code did. */
enum StopReason {
    /** A newer lease stands, or the run was cancelled, deleted or replaced. */
    LEASE_LOST,
    /** A transient attempt. */
    ATTEMPT,
    /** The store cannot be reached, or a commit's outcome stayed unknown. */
    STORE,
    /** The code does not fit the record, or a value cannot be recorded: a person has to look at it. */
    REFUSED,
    /** Cairn is closing. */
    CLOSING;

    /** Whether the lease still stands until the code has ended, so that bodies that ran can be recorded. */
    boolean keepsLease() {
        return this == REFUSED || this == CLOSING;
    }
}
