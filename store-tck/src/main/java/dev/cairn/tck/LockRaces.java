// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Holds.Placed;
import dev.cairn.tck.Operation.Prepared;
import dev.cairn.tck.Races.Pair;
import java.util.List;
import java.util.Optional;

/** Two who write to one run, queued behind a lock that is held from outside. */
final class LockRaces {
    private LockRaces() {}

    /** Two who want a run whose lease has run out (LEASE-02). */
    static void expired(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .head("two who take a run over", (held, other, id) -> {
                        other.expire(StoreOperations.held(other, id));
                        return LeaseRaces.takers(trial, held, other, id);
                    })
                    .done();
        }
    }

    /** A takeover, and the old holder's commit (LEASE-13). */
    static void takeovers(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .head(
                            "a commit and a takeover",
                            (one, other, id) -> takeover(trial, one, other, id).pair())
                    .place("a commit and a takeover", (one, other, id) -> takeover(trial, one, other, id))
                    .done();
        }
    }

    private static Placed takeover(Trial trial, Instance one, Instance other, String id) {
        Entry step = Requests.step(StoreOperations.held(one, id), 2, "late");
        Prepared commit = StoreOperations.append(id, step);
        return new Placed(
                step,
                new Pair(
                        () -> commit.call().apply(one),
                        () -> other.store().acquire(LeaseRaces.over(id)),
                        (when, x, y) -> LeaseRaces.fenced(trial, when, other, step, LeaseRaces.isDone(commit, x), y)));
    }

    /** A takeover, and what else the old holder may send (LEASE-07). */
    static void superseded(Trial trial) {
        if (!trial.hasLocks()) {
            return;
        }
        Holds holds = new Holds(trial);
        for (Operation operation : StoreOperations.settles()) {
            holds.head(
                    operation.name() + " and a takeover",
                    (one, other, id) -> LeaseRaces.supersededBy(trial, other, id, operation.on(one, id), one));
        }
        holds.done();
    }

    /** An acquire that expects a revision, and a commit (VER-03). */
    static void expected(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .head(
                            "a commit and an acquire at a revision",
                            (one, other, id) ->
                                    atRevision(trial, one, other, id).pair())
                    .place(
                            "a commit and an acquire at a revision",
                            (one, other, id) -> atRevision(trial, one, other, id))
                    .done();
        }
    }

    private static Placed atRevision(Trial trial, Instance one, Instance other, String id) {
        Lease lease = StoreOperations.held(one, id);
        one.expire(lease);
        Revision expected = one.revision(id);
        Entry step = Requests.step(lease, 2, "late");
        Prepared commit = StoreOperations.append(id, step);
        return new Placed(
                step, new Pair(() -> commit.call().apply(one), () -> other.acquireAt(id, expected), (when, x, y) -> {
                    if (y.how() instanceof Granted granted) {
                        List<Entry> handed = Seen.entriesOf(other.store(), granted);
                        trial.equal(
                                when + "the revision at which it was granted is",
                                expected,
                                Seen.folded(granted.page().head(), handed).revision());
                        LeaseRaces.fenced(trial, when, other, step, LeaseRaces.isDone(commit, x), y);
                    } else {
                        Refused refused = trial.is(Refused.class, when + "granted, or refused", y.how());
                        trial.equal(when + "refused for", Refused.Reason.REVISION, refused.reason());
                    }
                }));
    }

    /** A claim, and the expired holder's commit, or what else it sends (CLAIM-04). */
    static void claims(Trial trial) {
        if (!trial.hasLocks()) {
            return;
        }
        new Holds(trial)
                .head(
                        "a commit and a claim",
                        (one, other, id) -> claimed(trial, one, other, id).pair())
                .place("a commit and a claim", (one, other, id) -> claimed(trial, one, other, id))
                .head("a release and a claim", (one, other, id) -> {
                    Lease lease = abandoned(one, id);
                    Prepared release = StoreOperations.release(id, lease);
                    Prepared claim = StoreOperations.claimOf(id);
                    return new Pair(
                            () -> release.call().apply(one),
                            () -> claim.call().apply(other),
                            (when, x, y) -> isClaimedOnce(trial, when, other, id, y));
                })
                .done();
    }

    private static Lease abandoned(Instance by, String id) {
        Lease lease =
                by.create(id, Requests.newRun(id, Labels.NONE, RunStatus.READY)).lease();
        by.steps(lease, 1, 1);
        by.expire(lease);
        return lease;
    }

    private static Placed claimed(Trial trial, Instance one, Instance other, String id) {
        Entry step = Requests.step(abandoned(one, id), 2, "late");
        Prepared commit = StoreOperations.append(id, step);
        Prepared claim = StoreOperations.claimOf(id);
        return new Placed(
                step,
                new Pair(() -> commit.call().apply(one), () -> claim.call().apply(other), (when, x, y) -> {
                    Granted granted = isClaimedOnce(trial, when, other, id, y);
                    LeaseRaces.fenced(trial, when, other, step, LeaseRaces.isDone(commit, x), new Told(granted));
                }));
    }

    /** By this claim, or, where it passed a locked run over, by the next. */
    private static Granted isClaimedOnce(Trial trial, String when, Instance who, String id, Told told) {
        List<?> first = trial.is(List.class, when + "an answer to the claim", told.how());
        List<?> claimed =
                first.isEmpty() ? (List<?>) StoreOperations.claimOf(id).call().apply(who) : first;
        trial.equal(when + "runs that are claimed:", 1, claimed.size());
        Granted granted = (Granted) claimed.get(0);
        trial.that(who.head(id).isHeldBy(granted.lease()), when + "the run held by who claimed it", who.head(id));
        return granted;
    }

    /** A suspension, and a signal (SIG-02). */
    static void sleepers(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .head(
                            "a suspension and a signal",
                            (one, other, id) -> sleeper(trial, one, other, id).pair())
                    .place("a suspension and a signal", (one, other, id) -> sleeper(trial, one, other, id))
                    .done();
        }
    }

    private static Placed sleeper(Trial trial, Instance one, Instance other, String id) {
        Settle suspends = InboxRaces.suspending(one, id);
        return new Placed(
                suspends.entry().orElseThrow(),
                new Pair(
                        () -> one.store().settle(suspends),
                        () -> other.signal(id, Requests.message("m", "approved")),
                        (when, x, y) -> InboxRaces.awake(trial, when, other, id, x, y)));
    }

    /** A delete that saw no signal, and a signal (SIG-07). */
    static void unseen(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .head("a delete and a signal", (one, other, id) -> {
                        one.createFree(id);
                        Lease deleter = Instance.granted(one.acquireAt(id, one.revision(id)))
                                .lease();
                        Settle gone = Settle.of(deleter, HeadChange.gone(0).build());
                        return new Pair(
                                () -> one.store().settle(gone),
                                () -> other.signal(id, Requests.message("m", "approved")),
                                (when, x, y) -> isSeen(trial, when, other, id, x, y));
                    })
                    .done();
        }
    }

    private static void isSeen(Trial trial, String when, Instance reader, String id, Told gone, Told signal) {
        boolean stored = signal.how() == Signalled.STORED;
        trial.that(
                stored ? gone.is(Settled.Signalled.class) : gone.is(Settled.Done.class),
                when + "either the signal stored or the run deleted",
                List.of(gone, signal));
        trial.equal(when + "whether the run is there", stored, reader.find(id).isPresent());
    }

    /** An end or a suspension, and a cancel (CANCEL-01). */
    static void cancelled(Trial trial) {
        if (!trial.hasLocks()) {
            return;
        }
        new Holds(trial)
                .head("an end and a cancel", (one, other, id) -> {
                    Prepared end = StoreOperations.end(one, id);
                    return new Pair(
                            () -> end.call().apply(one),
                            () -> JournalRaces.cancel(other, id),
                            (when, x, y) -> isEndedOnce(trial, when, other, id, LeaseRaces.isDone(end, x), y));
                })
                .head("a suspension and a cancel", (one, other, id) -> {
                    Prepared suspend = StoreOperations.suspend(id, StoreOperations.held(one, id));
                    return new Pair(
                            () -> suspend.call().apply(one),
                            () -> JournalRaces.cancel(other, id),
                            (when, x, y) -> isEndedOnce(trial, when, other, id, false, y));
                })
                .done();
    }

    private static void isEndedOnce(Trial trial, String when, Instance reader, String id, boolean ended, Told cancel) {
        trial.equal(when + "whether the cancel is done", !ended, cancel.is(Settled.Done.class));
        Seen seen = reader.read(id);
        RunStatus status = ended ? RunStatus.COMPLETED : RunStatus.CANCELLED;
        trial.equal(when + "the run is", status, seen.head().status());
        trial.equal(
                when + "the end in the journal says",
                Optional.of(status),
                seen.fold().end().map(dev.cairn.spi.EntryCodec::endStatus));
    }
}
