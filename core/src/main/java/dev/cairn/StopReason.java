// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Why an execution ended before its code did. */
enum StopReason {
    /** A newer lease stands, or the run was deleted or replaced. */
    LEASE_LOST,
    /** The run was cancelled. */
    CANCELLED,
    /** A transient attempt. */
    ATTEMPT,
    /** The store cannot be reached, or a commit's outcome stayed unknown. */
    STORE,
    /** The code does not fit the record, or a value cannot be recorded: a person has to look at it. */
    REFUSED,
    /** Cairn is closing. */
    CLOSING
}
