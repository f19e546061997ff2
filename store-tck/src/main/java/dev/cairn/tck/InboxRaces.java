// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Claim;
import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Operation.Prepared;
import dev.cairn.tck.Races.Pair;
import java.util.List;
import java.util.Set;

/** A signal, and who suspends, ends or deletes the run that it is for, one of them held or cut at every request. */
final class InboxRaces {
    private InboxRaces() {}

    /** A signal and a suspension, in either order (SIG-02). */
    static void sleepers(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore("a suspension, and meanwhile a signal", (held, other, id) -> {
            Prepared suspend = suspension(other, id);
            Prepared signal = StoreOperations.signal(id);
            return new Pair(
                    () -> suspend.call().apply(held),
                    () -> signal.call().apply(other),
                    (when, x, y) -> awake(trial, when, other, id, x, y));
        });
        races.explore("a signal, and meanwhile a suspension", (held, other, id) -> {
            Prepared suspend = suspension(other, id);
            Prepared signal = StoreOperations.signal(id);
            return new Pair(
                    () -> signal.call().apply(held),
                    () -> suspend.call().apply(other),
                    (when, x, y) -> awake(trial, when, other, id, y, x));
        });
        races.done();
        deaths(trial);
    }

    private static Prepared suspension(Instance by, String id) {
        return StoreOperations.suspend(id, running(by, id));
    }

    private static Lease running(Instance by, String id) {
        Lease lease =
                by.create(id, Requests.newRun(id, Labels.NONE, RunStatus.READY)).lease();
        by.steps(lease, 1, 1);
        return lease;
    }

    /** What suspends a run that it makes. */
    static Settle suspending(Instance by, String id) {
        return StoreOperations.suspending(running(by, id));
    }

    static void awake(Trial trial, String when, Instance reader, String id, Told suspend, Told signal) {
        trial.equal(when + "the signal is", Signalled.STORED, signal.how());
        trial.is(Settled.class, when + "an answer to the suspension", suspend.how());
        reader.head(id).standing().ifPresent(reader::expire);
        claimed(trial, when, reader, id);
    }

    /** A run with a signal that it waits for, or that nobody holds, is claimed. */
    private static void claimed(Trial trial, String when, Instance who, String id) {
        List<WorkflowVersions> asked = List.of(new WorkflowVersions(id, 1, Set.of(1)));
        Claim claim = new Claim(LeaseId.random(), asked, 1, Requests.LASTING, Requests.grant());
        trial.equal(when + "claimable runs:", 1, who.store().claim(claim).size());
    }

    /** Who suspends dies at every request; then the signal comes. */
    private static void deaths(Trial trial) {
        Wired dying = trial.wired("dying");
        Instance other = trial.open("other");
        int points = 0;
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            for (int request = 1; isDead(trial, dying, other, fault, request); request++) {
                points++;
            }
        }
        trial.tried("the death of who suspends at " + points + " requests", points);
    }

    private static boolean isDead(Trial trial, Wired dying, Instance other, Fault fault, int request) {
        String id = trial.freshRun("dies");
        String when = "a suspension " + fault + " at request " + request + ", then a signal: ";
        Prepared suspend = suspension(other, id);
        dying.wire().armFrom(request, fault);
        Told.of(() -> suspend.call().apply(dying.who()));
        boolean met = dying.wire().disarm() >= request;
        trial.equal(when + "the signal is", Signalled.STORED, other.signal(id, Requests.message("m", "approved")));
        other.head(id).standing().ifPresent(other::expire);
        claimed(trial, when, other, id);
        return met;
    }

    /** A signal, and meanwhile the end of the run (SIG-05). */
    static void ended(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore("a signal, and meanwhile the end", (held, other, id) -> {
            Prepared end = StoreOperations.end(other, id);
            Message message = Requests.message("m", "approved");
            return new Pair(() -> held.signal(id, message), () -> end.call().apply(other), (when, x, y) -> {
                trial.is(Settled.Done.class, when + "the end done", y.how());
                trial.that(
                        x.how() == Signalled.STORED || x.how() == Signalled.ENDED, when + "stored, or ended", x.how());
                boolean stored = x.how() == Signalled.STORED;
                trial.equal(
                        when + "messages in the inbox",
                        stored ? 1 : 0,
                        other.read(id).messages().size());
            });
        });
        races.done();
    }

    /** A delete that saw no signal, and meanwhile one comes (SIG-07). */
    static void unseen(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore("a delete, and meanwhile a signal", (held, other, id) -> {
            other.createFree(id);
            Revision expected = other.revision(id);
            return new Pair(
                    () -> deleted(held, id, expected),
                    () -> other.signal(id, Requests.message("m", "approved")),
                    (when, x, y) -> {
                        boolean stored = y.how() == Signalled.STORED;
                        trial.that(
                                !(stored && x.is(Settled.Done.class)),
                                when + "no acknowledged signal deleted unseen",
                                "one");
                        trial.equal(
                                when + "whether the run is there",
                                stored,
                                other.find(id).isPresent());
                    });
        });
        races.explore("a restore, and meanwhile a signal", (held, other, id) -> {
            other.createFree(id);
            Revision expected = other.revision(id);
            return new Pair(
                    () -> restored(held, id, expected),
                    () -> other.signal(id, Requests.message("m", "approved")),
                    (when, x, y) -> {
                        trial.equal(when + "the signal is", Signalled.STORED, y.how());
                        trial.is(Settled.class, when + "an answer to the restore", x.how());
                        trial.equal(
                                when + "messages in the inbox",
                                1,
                                other.read(id).messages().size());
                    });
        });
        races.done();
    }

    /** As core does it: a restore that is refused leaves the run as it was. */
    private static Settled restored(Instance who, String id, Revision expected) {
        Granted mover = Instance.granted(who.acquireAt(id, expected));
        Incarnation next = Incarnation.random();
        Instance.done(who.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        who.append(Requests.firstEntry(mover.lease().over(next)));
        Settled answer = who.store()
                .settle(Settle.of(
                        mover.lease(),
                        HeadChange.ready(Due.now()).switchingTo(next, 0).build()));
        who.leave(id, answer instanceof Settled.Done ? mover.lease().incarnation() : next);
        return answer;
    }

    /** As core does it: what the expectation saw is what was read before. */
    private static Settled deleted(Instance who, String id, Revision expected) {
        Granted granted = Instance.granted(who.acquireAt(id, expected));
        Settled answer =
                who.store().settle(Settle.of(granted.lease(), HeadChange.gone(0).build()));
        if (!(answer instanceof Settled.Done)) {
            who.store()
                    .settle(Settle.of(
                            granted.lease(), HeadChange.ready(Due.now()).build()));
        }
        return answer;
    }
}
