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
}
