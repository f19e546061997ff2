// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;

/**
 * The right to write to one incarnation of a run. Something is done <em>under a lease</em> only if both its id and its
 * token are the ones that stand (protocol R2).
 *
 * @param token the fencing token: above that of every earlier lease of the run
 */
public record Lease(String runId, Incarnation incarnation, LeaseId id, long token) {
    /** Checks the run id and the token. */
    public Lease {
        Names.check("run id", runId);
        if (token < 1) {
            throw new IllegalArgumentException("token must be at least 1, was " + token);
        }
    }

    /** The same right over another incarnation: the one that a restore writes beside the run's own. */
    public Lease over(Incarnation other) {
        return new Lease(runId, other, id, token);
    }
}
