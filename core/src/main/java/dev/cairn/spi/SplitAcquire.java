// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes a run over, after its lease was taken in the head: reads the journal, writes the grant exactly behind what was read,
 * and only then goes by what the journal says (protocol R1). Not thread-safe. Its steps are methods of their own, so that a
 * test can leave one out and show what it is for.
 */
class SplitAcquire {
    /** More than any holder writes entries between two heartbeats, the first of which stops it. */
    private static final int MOST_TRIES = 10_000;

    private final SplitStorage storage;
    private final Acquire request;
    private final Condition condition;
    private final SplitJournal journal;
    private final Lease lease;
    private SplitStorage.Updated head;

    /**
     * Begins behind the head.
     *
     * @param condition what the run must be like; of a run that is created, nothing
     * @param taken the head in which the lease of the request stands
     */
    SplitAcquire(
            SplitStorage storage, Acquire request, Condition condition, SplitStorage.Updated taken, int pageBytes) {
        this.storage = storage;
        this.request = request;
        this.condition = condition;
        this.head = taken;
        this.lease = taken.head().standing().orElseThrow();
        this.journal = new SplitJournal(storage, request.runId(), lease.incarnation(), pageBytes);
    }

    final Acquired run() {
        for (int i = 0; i < MOST_TRIES; i++) {
            journal.readOn();
            Optional<Acquired> judged = judged();
            if (judged.isPresent()) {
                return judged.get();
            }
            boolean stops = stops();
            Optional<Refused.Reason> refusal = stops ? Optional.empty() : refusal();
            if (refusal.isPresent()) {
                letExpire();
                return refused(refusal.get());
            }
            Entry grant = grant();
            if (fence(grant, stops)) {
                journal.add(grant);
                return stops ? repaired() : granted();
            }
        }
        letExpire();
        return refused(Refused.Reason.HELD);
    }

    private Entry grant() {
        Bytes body = created().map(NewRun::grant).orElse(request.grant());
        return Entry.grant(lease, journal.fold().length(), condition.grantKind(), body);
    }

    /** Writes the grant; a repair is fenced like everything else (R1). */
    boolean fence(Entry grant, boolean stops) {
        return storage.insert(grant);
    }

    /** What is clear before a grant is written: the incarnation is gone, the lease is superseded, or was granted before. */
    private Optional<Acquired> judged() {
        Fold fold = journal.fold();
        if (fold.isStripped()) {
            return Optional.of(superseded());
        }
        Entry own = journal.grantOf(lease.id());
        boolean stands = own != null && own.isUnder(lease);
        if (fold.highestToken() > lease.token() || (fold.highestToken() == lease.token() && !stands)) {
            return Optional.of(superseded());
        }
        if (own == null) {
            return Optional.empty();
        }
        return Optional.of(again(stands));
    }

    /** The same lease id found again: the tail is judged as if the grant had just been written. */
    private Acquired again(boolean stands) {
        if (stands && isForEnded() && journal.fold().end().isPresent()) {
            Optional<Refused.Reason> refusal = refusal();
            if (refusal.isEmpty()) {
                return granted();
            }
            letExpire();
            return refused(refusal.get());
        }
        if (!isLastToCount(stands)) {
            letExpire();
            return refused(journal.fold().end().isPresent() ? Refused.Reason.ENDED : Refused.Reason.HELD);
        }
        return judgesTail() && stops() ? repaired() : granted();
    }

    /** Whether the grant that was found is the last that counts, under this id and this token (R2). */
    boolean isLastToCount(boolean stands) {
        return stands && journal.fold().isHeldBy(lease);
    }

    boolean judgesTail() {
        return true;
    }

    private Optional<NewRun> created() {
        if (head.head().status() != RunStatus.ARRIVING) {
            return Optional.empty();
        }
        if (request.target() instanceof Acquire.Create create) {
            return Optional.of(create.run());
        }
        return request.target() instanceof Acquire.CreateOrTake either ? Optional.of(either.run()) : Optional.empty();
    }

    private boolean reopens() {
        return condition.grantKind() == EntryKind.REOPEN;
    }

    /** To be deleted or replaced: an end is no hindrance. */
    private boolean isForEnded() {
        return !reopens() && condition.statuses().contains(RunStatus.COMPLETED);
    }

    /** Whether the journal has ended, or sleeps, so that all there is to do is to say so in the head. */
    private boolean stops() {
        boolean ended = journal.fold().end().isPresent() && !reopens() && !isForEnded();
        return ended || (!condition.statuses().contains(RunStatus.SUSPENDED) && sleeps());
    }

    private boolean sleeps() {
        Entry entry = journal.fold().suspension().orElse(null);
        if (entry == null) {
            return false;
        }
        EntryBody.Suspension suspension = EntryCodec.suspension(entry);
        return head.head().signals() <= suspension.signalsSeen()
                && suspension
                        .due()
                        .filter(due -> !due.isAfter(head.storeTime()))
                        .isEmpty();
    }

    private Optional<Refused.Reason> refusal() {
        if (!isAtRevision()) {
            return Optional.of(Refused.Reason.REVISION);
        }
        boolean hasFailed = journal.fold()
                .end()
                .filter(end -> EntryCodec.endStatus(end) == RunStatus.FAILED)
                .isPresent();
        return reopens() && !hasFailed ? Optional.of(Refused.Reason.ENDED) : Optional.empty();
    }

    /** Compared each time that the journal was read on (R10). */
    boolean isAtRevision() {
        return condition
                .revision()
                .filter(asked -> !asked.equals(journal.fold().revision()))
                .isEmpty();
    }

    /** The lease stands in the head until its deadline passes: clearing it would free a run that others have moved on (R3). */
    private void letExpire() {
        change(HeadChange.expired().build());
    }

    private Optional<SplitStorage.Updated> change(HeadChange change) {
        Optional<SplitStorage.Updated> changed = storage.updateHead(new SplitUpdate.Change(lease, change));
        changed.ifPresent(made -> head = made);
        return changed;
    }

    private Acquired repaired() {
        Entry end = journal.fold().end().orElse(null);
        if (end != null) {
            change(HeadChange.ended(EntryCodec.endStatus(end))
                    .because(EntryCodec.endReason(end))
                    .build());
            return refused(Refused.Reason.ENDED);
        }
        EntryBody.Suspension waits =
                EntryCodec.suspension(journal.fold().suspension().orElseThrow());
        Due due = waits.due().map(Due::at).orElse(Due.never());
        change(HeadChange.suspended(waits.awaits(), due, waits.signalsSeen()).build());
        return refused(Refused.Reason.WAITING);
    }

    private Acquired granted() {
        Optional<NewRun> created = created();
        // Before the run is there for others, what was left behind is out of reach (create over gone).
        created.ifPresent(run -> head.head().beside().keySet().forEach(this::strip));
        if (needsConfirmation(created) && !confirmed()) {
            return superseded();
        }
        Duration left = head.head().lease().orElseThrow().left(head.storeTime());
        return new Granted(lease, left, journal.firstPage(head));
    }

    private void strip(Incarnation old) {
        storage.strip(request.runId(), old);
        storage.removeMessages(request.runId(), old);
    }

    private boolean needsConfirmation(Optional<NewRun> created) {
        boolean isReopened =
                head.head().status().isTerminal() && journal.fold().end().isEmpty();
        boolean isNew = created.filter(run -> run.arrival() == RunStatus.READY).isPresent();
        return isNew
                || isReopened
                || (created.isEmpty()
                        && version() != 0
                        && version() != head.head().version());
    }

    private int version() {
        return condition.workflow().map(WorkflowVersions::version).orElse(0);
    }

    private boolean confirmed() {
        Optional<SplitStorage.Updated> confirmed =
                storage.updateHead(new SplitUpdate.Confirm(lease, created().isPresent() ? 0 : version()));
        confirmed.ifPresent(made -> head = made);
        return confirmed.isPresent();
    }

    private Refused superseded() {
        SplitStorage.Seen seen = storage.readHead(request.runId());
        Head found = seen.head().filter(h -> h.status() != RunStatus.GONE).orElse(null);
        if (found == null) {
            return new Refused(Refused.Reason.ABSENT, Optional.empty(), Duration.ZERO, List.of());
        }
        Refused.Reason reason = found.status() == RunStatus.ARRIVING ? Refused.Reason.ARRIVING : Refused.Reason.HELD;
        return new Refused(reason, Optional.of(found), left(found, seen.storeTime()), List.of());
    }

    private Refused refused(Refused.Reason reason) {
        return new Refused(
                reason,
                Optional.of(head.head()),
                left(head.head(), head.storeTime()),
                reason == Refused.Reason.ENDED ? journal.ended() : List.of());
    }

    private static Duration left(Head head, Instant now) {
        return head.lease().map(term -> term.left(now)).orElse(Duration.ZERO);
    }
}
