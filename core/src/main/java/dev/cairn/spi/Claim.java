// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
    private static final Comparator<Head> BY_ID = Comparator.comparing(Head::runId, Names.BY_UTF_8);

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

    /** How the claim names the workflow and the version that stand in a head; empty if it does not ask for them (CLAIM-06). */
    public Optional<WorkflowVersions> workflowOf(Head head) {
        return workflows.stream()
                .filter(asked -> asked.workflow().equals(head.workflow())
                        && asked.accepted().contains(head.version()))
                .findFirst();
    }

    /**
     * Which of these heads the claim may take, in this order, until it has as many as its limit: those that carry its id,
     * since it is a repeat then, and no others; else those that are due by their heads, longest due first, ties in order of
     * their ids. What the journal says of one is not looked at.
     *
     * @param now the store's clock, in milliseconds
     */
    public List<Head> among(Collection<Head> heads, Instant now) {
        List<Head> asked =
                heads.stream().filter(head -> workflowOf(head).isPresent()).toList();
        List<Head> carrying =
                asked.stream().filter(this::isCarriedBy).sorted(BY_ID).toList();
        List<Head> due = asked.stream()
                .filter(head -> head.isClaimable(now))
                .sorted(Comparator.comparing((Head head) -> dueSince(head, now)).thenComparing(BY_ID))
                .toList();
        return carrying.isEmpty() ? due : carrying;
    }

    /** Whether a head carries the lease of this claim, run out or not. */
    public boolean isCarriedBy(Head head) {
        return head.lease().filter(term -> term.id().equals(id)).isPresent();
    }

    private static Instant dueSince(Head head, Instant now) {
        Instant since = head.lease().map(LeaseTerm::deadline).or(head::due).orElse(now);
        return since.isAfter(now) ? now : since;
    }
}
