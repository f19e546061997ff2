// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.UUID;

/** Names one commit, so that a repeat of it is known (contract STEP-02). */
public record CommitId(UUID id) {
    /** The n-th commit under a lease. A lease has one holder, so that no second commit has this id. */
    public static CommitId of(LeaseId lease, long n) {
        return new CommitId(
                new UUID(lease.id().getMostSignificantBits(), lease.id().getLeastSignificantBits() ^ Long.reverse(n)));
    }

    /** The commit that wrote the grant of a lease. */
    public static CommitId ofGrant(LeaseId lease) {
        return of(lease, 0);
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
