// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What each method makes of a head: pure functions, for a store that reads the head, decides and writes inside one
 * transaction. A store that says the same in SQL or in a script does not need them; both must decide alike.
 */
public final class HeadRules {
    private HeadRules() {}

    /** What the rules ask of the journal of the head's incarnation. */
    public interface Journal {
        /** The next free place. */
        long length();

        /** The number of entries that count and are no grants. */
        long count();

        /** Whether a grant of this lease is in it. */
        boolean hasGrantOf(LeaseId id);
    }

    /** What to do about an acquire. */
    public sealed interface Decision {}

    /** Write the head, the grant, and answer granted. What the new head does not name any more as its incarnation is left behind. */
    public record Grant(Head head, Entry entry) implements Decision {}

    /** The same acquire was granted before and its lease stands: answer it again, write nothing. */
    public record Again(Lease lease) implements Decision {}

    /** Write nothing; answer with this reason. */
    public record Refuse(Refused.Reason reason) implements Decision {}

    /**
     * Decides an acquire.
     *
     * @param found the head as it stands, locked
     * @param journal of the head's incarnation; asked only where a head was found
     * @param now the store's clock, read after the lock was taken, in milliseconds
     */
    public static Decision acquire(Acquire request, Optional<Head> found, Journal journal, Instant now) {
        Optional<Head> head = found.filter(h -> h.status() != RunStatus.GONE);
        if (head.isPresent() && isLeasedTo(head.get(), request.leaseId())) {
            return new Again(head.get().standing().orElseThrow());
        }
        if (request.target() instanceof Acquire.Create create) {
            return head.isEmpty() || isAbandonedArrival(head.get(), create.run(), now)
                    ? create(request, create.run(), found, now)
                    : refuse(arrives(head.get()) ? Refused.Reason.ARRIVING : Refused.Reason.EXISTS);
        }
        if (request.target() instanceof Acquire.CreateOrTake either) {
            return head.isEmpty() || isAbandonedArrival(head.get(), either.run(), now)
                    ? create(request, either.run(), found, now)
                    : take(request, either.condition(), head.get(), journal, now);
        }
        if (request.target() instanceof Acquire.Take take) {
            return head.isEmpty()
                    ? refuse(Refused.Reason.ABSENT)
                    : take(request, take.condition(), head.get(), journal, now);
        }
        throw new AssertionError(request.target());
    }

    private static boolean isLeasedTo(Head head, LeaseId id) {
        return head.lease().isPresent() && head.lease().get().id().equals(id);
    }

    private static boolean arrives(Head head) {
        return head.status() == RunStatus.ARRIVING;
    }

    /** An arriving move gives way only to a later grant of its source (R9), any other arrival when its lease ran out (R7). */
    private static boolean isAbandonedArrival(Head head, NewRun run, Instant now) {
        if (!arrives(head)) {
            return false;
        }
        if (head.sourceToken() == 0 && run.sourceToken() == 0) {
            return !head.isLeased(now);
        }
        return head.sourceToken() > 0 && run.sourceToken() > head.sourceToken();
    }

    private static Decision create(Acquire request, NewRun run, Optional<Head> old, Instant now) {
        if (old.isPresent() && old.get().names(run.incarnation())) {
            return refuse(Refused.Reason.EXISTS);
        }
        long known = Math.max(run.sourceToken(), old.map(Head::token).orElse(0L));
        HeadBuilder head = new HeadBuilder(request.runId(), run, now)
                .token(Math.max(now.toEpochMilli(), known + 1))
                .due(Optional.of(now))
                .lease(Optional.of(new LeaseTerm(request.leaseId(), now.plus(request.ttl()), request.ttl())));
        old.ifPresent(o -> {
            o.beside().forEach(head::beside);
            head.beside(o.incarnation(), now);
        });
        Head made = head.build();
        return new Grant(made, Entry.grant(made.standing().orElseThrow(), 0, EntryKind.GRANT, run.grant()));
    }

    private static Decision take(Acquire request, Condition condition, Head head, Journal journal, Instant now) {
        Optional<Refused.Reason> refusal = refusal(request, condition, head, journal, now);
        if (refusal.isPresent()) {
            return refuse(refusal.get());
        }
        HeadBuilder taken = head.edit()
                .token(head.token() + 1)
                .lease(Optional.of(new LeaseTerm(request.leaseId(), now.plus(request.ttl()), request.ttl())));
        condition.workflow().ifPresent(workflow -> taken.version(workflow.version()));
        if (condition.grantKind() == EntryKind.REOPEN) {
            taken.status(RunStatus.READY).due(Optional.of(now)).changed(now);
        }
        Head made = taken.build();
        return new Grant(
                made,
                Entry.grant(made.standing().orElseThrow(), journal.length(), condition.grantKind(), request.grant()));
    }

    private static Optional<Refused.Reason> refusal(
            Acquire request, Condition condition, Head head, Journal journal, Instant now) {
        if (arrives(head)) {
            return Optional.of(Refused.Reason.ARRIVING);
        }
        WorkflowVersions asked = condition.workflow().orElse(null);
        if (asked != null && !asked.workflow().equals(head.workflow())) {
            return Optional.of(Refused.Reason.WORKFLOW);
        }
        boolean wanted = condition.statuses().contains(head.status());
        if (!wanted && (head.status().isTerminal() || condition.grantKind() == EntryKind.REOPEN)) {
            return Optional.of(Refused.Reason.ENDED);
        }
        if (asked != null && !asked.accepted().contains(head.version())) {
            return Optional.of(Refused.Reason.VERSION);
        }
        boolean held = condition.over() == Condition.Over.EXPIRED && head.isLeased(now);
        if (held || journal.hasGrantOf(request.leaseId())) {
            return Optional.of(Refused.Reason.HELD);
        }
        if (!wanted && (!head.isClaimable(now) || head.isWaiting(now))) {
            return Optional.of(Refused.Reason.WAITING);
        }
        Revision revision = new Revision(head.incarnation(), journal.count());
        return condition
                .revision()
                .filter(expected -> !expected.equals(revision))
                .map(no -> Refused.Reason.REVISION);
    }

    private static Decision refuse(Refused.Reason reason) {
        return new Refuse(reason);
    }

    /**
     * The acquire that a claim makes of one due run. An ended one is refused, also under a lease that ran out: what a delete
     * took and did not settle (contract CLAIM-05).
     */
    public static Acquire claimOne(Claim claim, String runId, WorkflowVersions workflow) {
        Condition condition = Condition.open().of(workflow).build();
        return new Acquire(runId, claim.id(), claim.ttl(), new Acquire.Take(condition), claim.grant());
    }

    /**
     * Decides a settle; where it carries an entry, the store has written it at its free place, or will in the same transaction.
     *
     * @return the new head to write, or why not
     */
    public static Settled settle(Settle request, Optional<Head> found, Instant now) {
        if (found.isEmpty() || !found.get().isHeldBy(request.lease())) {
            return new Settled.Lost(found);
        }
        Head head = found.get();
        HeadChange change = request.change();
        boolean more = head.signals() != change.signalsSeen();
        if (more && change.signals() == HeadChange.Signals.SAME) {
            return new Settled.Signalled(head);
        }
        return new Settled.Done(changed(head, change, now));
    }

    private static Head changed(Head head, HeadChange change, Instant now) {
        HeadBuilder next = head.edit();
        change.status().ifPresent(status -> {
            boolean wake = change.signals() == HeadChange.Signals.WAKE_IF_MORE && head.signals() > change.signalsSeen();
            next.sourceToken(0)
                    .status(status)
                    .due(wake ? Optional.of(now) : change.due().resolve(now))
                    .awaits(change.awaits())
                    .reason(change.reason())
                    .changed(now);
            if (status == RunStatus.GONE) {
                next.labels(Labels.NONE).progress("");
            }
        });
        if (change.hold() == HeadChange.Hold.FREE) {
            next.lease(Optional.empty());
        } else if (change.hold() == HeadChange.Hold.EXPIRE) {
            next.lease(head.lease().map(term -> new LeaseTerm(term.id(), now, term.ttl())));
        }
        change.name().ifPresent(incarnation -> next.beside(incarnation, now));
        change.switchTo()
                .ifPresent(incarnation -> next.incarnation(incarnation)
                        .notBeside(incarnation)
                        .beside(head.incarnation(), now)
                        .signals(0));
        change.labels().ifPresent(next::labels);
        change.progress().ifPresent(next::progress);
        change.version().ifPresent(next::version);
        return next.build();
    }

    /**
     * Decides a renewal: an expired lease that still stands in the head is extended, and one whose deadline was written
     * before the clock went back is anchored anew (CLOCK-01).
     *
     * @return the new head to write; empty if the lease is lost
     */
    public static Optional<Head> renew(Renewal renewal, Optional<Head> found, Instant now) {
        return found.filter(head -> head.isHeldBy(renewal.lease()))
                .map(head -> head.edit()
                        .lease(Optional.of(new LeaseTerm(renewal.lease().id(), now.plus(renewal.ttl()), renewal.ttl())))
                        .progress(renewal.progress())
                        .build());
    }

    /** Whether a run may receive a signal: stored says yes. */
    public static Signalled receives(Optional<Head> found) {
        if (found.isEmpty() || found.get().status() == RunStatus.GONE) {
            return Signalled.ABSENT;
        }
        RunStatus status = found.get().status();
        if (status == RunStatus.ARRIVING) {
            return Signalled.ARRIVING;
        }
        return status.isTerminal() ? Signalled.ENDED : Signalled.STORED;
    }

    /** The head after a signal: counted unless it is a repeat, and due now if the run waits for its name. */
    public static Head signalled(Head head, String name, boolean isNew, Instant now) {
        HeadBuilder next = head.edit().signals(head.signals() + (isNew ? 1 : 0));
        if (head.status() == RunStatus.SUSPENDED && head.awaits().contains(name)) {
            next.due(Optional.of(now));
        }
        return next.build();
    }

    /** Whether what is left of an incarnation may be removed: it is not the run any more. */
    public static boolean isLeftover(Erase.Leftover erase, Optional<Head> found) {
        return found.isEmpty()
                || found.get().status() == RunStatus.GONE
                || !found.get().incarnation().equals(erase.incarnation());
    }

    /**
     * Decides an erase of an ended run: its head is still as it was listed, and no live lease stands.
     *
     * @return the gone head to write; empty if it is kept
     */
    public static Optional<Head> erase(Erase.Ended erase, Optional<Head> found, Instant now) {
        return found.filter(head -> head.status().isTerminal()
                        && isAsListed(head, erase.incarnation(), erase.token(), erase.changed())
                        && !head.isLeased(now))
                .map(head -> changed(head, HeadChange.gone(head.signals()).build(), now));
    }

    /** What to do about fences: which incarnations to remove with all that is left of them, and what becomes of the head. */
    public record Sweep(Set<Incarnation> remove, Optional<Head> head) {
        /** Copies the set. */
        public Sweep {
            remove = Set.copyOf(remove);
        }
    }

    /**
     * Decides a sweep (protocol R8): only of what a head without a lease has named for longer than the fence time.
     *
     * @param fencesBefore the store's now less its fence time
     * @return empty if everything is kept; else what to remove, and the head to write, or none to remove the head too
     */
    public static Optional<Sweep> sweep(Erase.Fences erase, Optional<Head> found, Instant fencesBefore) {
        Head head = found.orElse(null);
        if (head == null
                || head.lease().isPresent()
                || !isAsListed(head, erase.incarnation(), erase.token(), erase.changed())) {
            return Optional.empty();
        }
        List<Incarnation> old = head.beside().entrySet().stream()
                .filter(named -> named.getValue().isBefore(fencesBefore))
                .map(java.util.Map.Entry::getKey)
                .toList();
        boolean whole = head.status() == RunStatus.GONE
                && head.changed().isBefore(fencesBefore)
                && old.size() == head.beside().size();
        if (whole) {
            Set<Incarnation> all = new java.util.HashSet<>(old);
            all.add(head.incarnation());
            return Optional.of(new Sweep(all, Optional.empty()));
        }
        if (old.isEmpty()) {
            return Optional.empty();
        }
        HeadBuilder next = head.edit();
        old.forEach(next::notBeside);
        return Optional.of(new Sweep(Set.copyOf(old), Optional.of(next.build())));
    }

    static boolean isAsListed(Head head, Incarnation incarnation, long token, Instant changed) {
        return head.incarnation().equals(incarnation)
                && head.token() == token
                && head.changed().equals(changed);
    }
}
