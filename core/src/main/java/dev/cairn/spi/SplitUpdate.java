// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A conditional update of one head: a value that a database translates into one command, and at the same time the pure
 * function that says what the command must do.
 */
public sealed interface SplitUpdate {
    /** Whose head it is. */
    String runId();

    /**
     * What the update makes of a head.
     *
     * @param found as it stands
     * @param now the store's clock at that moment, in milliseconds
     * @return the head to write; empty if the condition does not hold
     */
    Optional<Head> apply(Optional<Head> found, Instant now);

    /** Makes the head of a new run: arriving, until its first entry stands (protocol R5, R7). */
    record Create(Acquire request, NewRun run) implements SplitUpdate {
        @Override
        public String runId() {
            return request.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            Acquire create = new Acquire(
                    request.runId(), request.leaseId(), request.ttl(), new Acquire.Create(run), request.grant());
            return SplitDecision.of(create, found, now) instanceof HeadRules.Grant grant
                    ? Optional.of(grant.head().edit().status(RunStatus.ARRIVING).build())
                    : Optional.empty();
        }
    }

    /** Takes the lease of a run: lease, token and deadline change, nothing else. What the journal says is judged later. */
    record Take(Acquire request, Condition condition) implements SplitUpdate {
        @Override
        public String runId() {
            return request.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            Acquire take = new Acquire(
                    request.runId(), request.leaseId(), request.ttl(), new Acquire.Take(condition), request.grant());
            return found.flatMap(head -> SplitDecision.leased(head, SplitDecision.of(take, found, now)));
        }
    }

    /** Takes the lease of a run if it is due, of a workflow and version that the claim names. */
    record TakeDue(Claim claim, String runId) implements SplitUpdate {
        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return found.filter(head -> head.isClaimable(now))
                    .flatMap(head -> claim.workflowOf(head)
                            .flatMap(workflow -> SplitDecision.leased(
                                    head, SplitDecision.of(HeadRules.claimOne(claim, runId, workflow), found, now))));
        }
    }

    /**
     * The lease's grant counts: what arrived or was reopened is ready, and the version is the one that took it.
     *
     * @param version 0 leaves it as it is
     */
    record Confirm(Lease lease, int version) implements SplitUpdate {
        @Override
        public String runId() {
            return lease.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return found.filter(head -> head.isHeldBy(lease)).map(head -> {
                HeadBuilder next = head.edit().version(version == 0 ? head.version() : version);
                if (head.status() == RunStatus.ARRIVING || head.status().isTerminal()) {
                    next.status(RunStatus.READY).due(Optional.of(now)).changed(now);
                }
                return next.build();
            });
        }
    }

    /** What a settle or a repair makes of the head, under its lease. */
    record Change(Lease lease, HeadChange change) implements SplitUpdate {
        @Override
        public String runId() {
            return lease.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return HeadRules.settle(Settle.of(lease, change), found, now) instanceof Settled.Done done
                    ? Optional.of(done.head())
                    : Optional.empty();
        }
    }

    /**
     * Shows in the head that the run has ended, under whatever lease stands there (protocol R6).
     *
     * @param read the head, as it was before the journal was read: incarnation, lease and token must be the same still
     * @param reason where a moved run went, else empty
     */
    record ShowEnd(Head read, RunStatus status, String reason) implements SplitUpdate {
        @Override
        public String runId() {
            return read.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return found.filter(head -> head.incarnation().equals(read.incarnation())
                            && head.token() == read.token()
                            && head.lease()
                                    .map(LeaseTerm::id)
                                    .equals(read.lease().map(LeaseTerm::id))
                            && HeadRules.receives(found) == Signalled.STORED)
                    .map(head -> head.edit()
                            .status(status)
                            .due(Optional.empty())
                            .awaits(java.util.Set.of())
                            .reason(reason)
                            .changed(now)
                            .build());
        }
    }

    /** Counts a message that was put into the inbox of this incarnation, and wakes the run if it waits for the name. */
    record Signal(String runId, Incarnation incarnation, String name) implements SplitUpdate {
        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return found.filter(head ->
                            head.incarnation().equals(incarnation) && HeadRules.receives(found) == Signalled.STORED)
                    .map(head -> HeadRules.signalled(head, name, true, now));
        }
    }

    /** Extends a lease. */
    record Renew(Renewal renewal) implements SplitUpdate {
        @Override
        public String runId() {
            return renewal.lease().runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return HeadRules.renew(renewal, found, now);
        }
    }

    /** An ended run goes. A lease that ran out is in the way too: it may be that of a retry whose grant has reopened the run. */
    record EraseEnded(Erase.Ended erase) implements SplitUpdate {
        @Override
        public String runId() {
            return erase.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return HeadRules.erase(erase, found.filter(head -> head.lease().isEmpty()), now);
        }
    }

    /** Takes the names of incarnations away that were removed, if the head is as listed and has no lease (protocol R8). */
    record Unname(Erase.Fences listed, List<Incarnation> removed) implements SplitUpdate {
        /** Copies the list. */
        public Unname {
            removed = List.copyOf(removed);
        }

        /** Whether the head itself goes with these names: it is deleted, and names nothing beside it but these. */
        public boolean isLast(Optional<Head> found, Instant now) {
            return apply(found, now)
                    .filter(head ->
                            head.status() == RunStatus.GONE && head.beside().isEmpty())
                    .isPresent();
        }

        @Override
        public String runId() {
            return listed.runId();
        }

        @Override
        public Optional<Head> apply(Optional<Head> found, Instant now) {
            return found.filter(head -> head.lease().isEmpty()
                            && HeadRules.isAsListed(head, listed.incarnation(), listed.token(), listed.changed()))
                    .map(head -> {
                        HeadBuilder next = head.edit();
                        removed.forEach(next::notBeside);
                        return next.build();
                    });
        }
    }
}
