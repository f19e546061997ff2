// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import java.time.Duration;
import java.util.List;

/**
 * Asks for the leases of due runs: ready, abandoned, due by time or by signal. Safe to repeat with the same id.
 *
 * @param id the lease id of every run that is claimed
 * @param workflows only runs of these workflows and versions; others stay as they are (CLAIM-06)
 * @param limit 1 to 1,000 runs
 * @param ttl whole milliseconds, at least 1
 * @param grant the body of each grant
 */
public record Claim(LeaseId id, List<WorkflowVersions> workflows, int limit, Duration ttl, Bytes grant) {
    /** Checks the limit and the ttl. */
    public Claim {
        workflows = List.copyOf(workflows);
        if (workflows.isEmpty()) {
            throw new IllegalArgumentException("a claim names at least one workflow");
        }
        if (limit < 1 || limit > RunQuery.MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + RunQuery.MAX_LIMIT + ", was " + limit);
        }
        Acquire.checkTtl(ttl);
    }
}
