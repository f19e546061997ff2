// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The head of a run: small, mutable in the store, an index of the journal and repaired from it. All times are the store's
 * clock, in whole milliseconds. As a value it is immutable.
 *
 * @param version of the workflow that last took it
 * @param status never {@link RunStatus#RUNNING}, see {@link #shownStatus()}
 * @param token the highest fencing token that was given out
 * @param due when it may be claimed, if free
 * @param awaits the names of the signals it waits for
 * @param signals how many signals it has received in this incarnation
 * @param reason why it is blocked, or where it was moved; else empty
 * @param beside incarnations that are being written beside it, or were left behind, and since when
 * @param sourceToken of the grant of a move's source, while the move arrives; else 0
 * @param changed the last settle, never a heartbeat
 */
public record Head(
        String runId,
        String workflow,
        int version,
        RunStatus status,
        Incarnation incarnation,
        long token,
        Optional<LeaseTerm> lease,
        Optional<Instant> due,
        SortedSet<String> awaits,
        long signals,
        Labels labels,
        String progress,
        String reason,
        Map<Incarnation, Instant> beside,
        long sourceToken,
        Instant created,
        Instant changed) {

    /** Copies the collections. */
    public Head {
        if (status == RunStatus.RUNNING) {
            throw new IllegalArgumentException("RUNNING is shown, never stored (run " + runId + ")");
        }
        awaits = Collections.unmodifiableSortedSet(new TreeSet<>(awaits));
        beside = Collections.unmodifiableMap(new LinkedHashMap<>(beside));
    }

    /** The status that users see: running while a lease stands on a run that has not ended. */
    public RunStatus shownStatus() {
        boolean open = status == RunStatus.READY || status == RunStatus.SUSPENDED || status == RunStatus.BLOCKED;
        return open && lease.isPresent() ? RunStatus.RUNNING : status;
    }

    /** Whether a lease stands that has not run out. */
    public boolean isLeased(Instant now) {
        return lease.isPresent() && !lease.get().isExpired(now);
    }

    /** Whether this lease stands in the head, expired or not: same incarnation, id and token (protocol R2). */
    public boolean isHeldBy(Lease other) {
        return lease.isPresent()
                && lease.get().id().equals(other.id())
                && token == other.token()
                && incarnation.equals(other.incarnation());
    }

    /** Whether this incarnation is the run's, or named beside it (protocol R5). */
    public boolean names(Incarnation other) {
        return incarnation.equals(other) || beside.containsKey(other);
    }

    /** Whether the first entry of an incarnation may be written under a lease: it is named here, the lease stands (protocol R5). */
    public boolean admits(Lease other) {
        return names(other.incarnation()) && isHeldBy(other.over(incarnation));
    }

    /** Whether the run went to another store, and its mover has not deleted it here yet: an ended run gives no other reason. */
    public boolean isMoved() {
        return status.isTerminal() && !reason.isEmpty();
    }

    /** Whether its incarnation has an entry 0 that counts. Where none is found, the journal was lost. */
    public boolean hasBegun() {
        return status != RunStatus.ARRIVING && status != RunStatus.GONE;
    }

    /** Whether a worker may take the run: its lease ran out, or it is free and due (contract CLAIM-05). */
    public boolean isClaimable(Instant now) {
        if (!hasBegun()) {
            return false;
        }
        if (lease.isPresent()) {
            return lease.get().isExpired(now);
        }
        return !status.isTerminal() && due.isPresent() && !due.get().isAfter(now);
    }

    /** Whether it is suspended and not due yet: then a lease that ran out on it was a canceller's or a deleter's (CLAIM-05). */
    public boolean isWaiting(Instant now) {
        return status == RunStatus.SUSPENDED && (due.isEmpty() || due.get().isAfter(now));
    }

    /** The lease that stands in this head. */
    public Optional<Lease> standing() {
        return lease.map(term -> new Lease(runId, incarnation, term.id(), token));
    }

    /** A builder that begins with this head. */
    public HeadBuilder edit() {
        return new HeadBuilder(this);
    }
}
