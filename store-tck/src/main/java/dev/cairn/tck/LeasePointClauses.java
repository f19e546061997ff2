// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** LEASE: what holds at every request of a holder. */
interface LeasePointClauses extends KitClauses {
    @Clause(
            id = "LEASE-06",
            must =
                    "Holding the old owner between any two requests while another takes over MUST leave none of its later"
                            + " writes counting and none acknowledged",
            why = "a worker that slept in the middle of a call goes on beside its replacement",
            usualFix =
                    "let the write itself look at the lease, under the lock or at the place; no look before it is enough")
    default void lease_06_oldHolderIsFencedAtEveryRequest(Trial trial) {
        LeaseRaces.oldHolder(trial);
    }

    @Clause(
            id = "LEASE-10",
            must =
                    "The deadline MUST be computed from the store's clock at grant time; request latency (2 s injected) MUST"
                            + " NOT shorten or lengthen exclusivity beyond slack",
            why = "on a slow line a worker loses its run to another before its time, or keeps it beyond",
            usualFix = "set the deadline in the statement that grants the lease, and never again until a renewal")
    default void lease_10_latencyDoesNotChangeTheDeadline(Trial trial) {
        GrantLatency.explore(trial);
    }
}
