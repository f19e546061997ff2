// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CLAIM: what is left of a claim that was cut. */
interface ClaimPointClauses extends KitClauses {
    @Clause(
            id = "CLAIM-07",
            must =
                    "A claim cut between its parts MUST leave each run claimable after one lease, none under two lease ids",
            why = "runs that a dying worker was about to take are taken by nobody, or by two",
            usualFix = "a lease that is set without a grant runs out like any other; a repeat answers what it took")
    default void claim_07_cutClaimLeavesRunsClaimable(Trial trial) {
        CrashPoints.cut(trial, StoreOperations.claim());
        CrashPoints.diesClaiming(trial);
    }
}
