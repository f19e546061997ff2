// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** LEASE: fencing: whoever lost its lease changes nothing. */
interface LeaseFenceClauses extends KitClauses {
    @Clause(
            id = "LEASE-05",
            must = "Once a newer grant stands, nothing sent under an older lease MUST count or be acknowledged, by any"
                    + " write method; a late grant may only leave an entry that does not count",
            why = "a paused worker goes on beside its replacement",
            usualFix = "acquire must write its grant at the next free place before it answers")
    default void lease_05_supersededLeaseDoesNotCount(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease old = a.create("r").lease();
        a.steps(old, 1, 1);
        Lease newer = b.supersede("r").lease();
        Seen before = b.read("r");
        Entry next = Requests.step(old, 2, "late");
        for (Instance who : trial.sameOtherReopened(a)) {
            Answers.notAcknowledged(trial, next, who.append(next));
            Entry end = Requests.end(old, 2, RunStatus.COMPLETED);
            HeadChange ended = HeadChange.ended(RunStatus.COMPLETED).build();
            Answers.notDone(trial, who.store().settle(Settle.of(end, ended)));
            Answers.notDone(trial, who.release(old));
            trial.equal("its renewal is", new Renewed.Lost(), who.renew(old, Requests.LASTING));
        }
        Answers.unchanged(trial, before, b);
        b.steps(newer, 3, 1);

        // A holder stops at the grant and gets no further. What a store writes there all the same must not count.
        a.step(old, 4, "further");
        Answers.notDone(trial, a.release(old));

        Seen seen = b.read("r");
        trial.equal("the steps are", List.of("step-1", "step-3"), seen.texts());
        trial.that(seen.head().isHeldBy(newer), "the newer lease in the head", seen.head());
        b.free(newer);
        Answers.granted(
                trial,
                "the run at two commits, as the store counts them",
                b.acquireAt("r", new Revision(old.incarnation(), 2)));
    }

    @Clause(
            id = "LEASE-07",
            must =
                    "Renew, release or settle by a superseded holder MUST NOT free, extend or resurrect anything and MUST"
                            + " say so; a settle under an expired lease that still stands in the head MUST succeed or be refused"
                            + " with nothing written",
            why = "a worker that lost its run frees it under the feet of the one that has it",
            usualFix = "update the head only where it carries this lease id, this token and this incarnation")
    default void lease_07_supersededHolderChangesNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease old = a.create("r").lease();
        Lease newer = b.supersede("r").lease();
        changesNothing(trial, a, old);
        b.expire(newer);
        changesNothing(trial, a, old);
        b.free(newer);
        changesNothing(trial, a, old);
        Lease last = b.take("r").lease();
        Instance.done(b.end(last, b.read("r").length(), RunStatus.COMPLETED));
        changesNothing(trial, a, old);

        Lease late = a.create("late").lease();
        a.expire(late);
        Seen before = a.read("late");
        Settled answer = a.end(late, 1, RunStatus.COMPLETED);
        if (answer instanceof Settled.Done) {
            Seen after = b.read("late");
            trial.equal("the run is", RunStatus.COMPLETED, after.head().status());
            trial.that(after.fold().end().isPresent(), "an end in the journal", after.entries());
        } else {
            Answers.notDone(trial, answer);
            Answers.unchanged(trial, before, b);
        }
        LockRaces.superseded(trial);
    }

    private static void changesNothing(Trial trial, Instance who, Lease old) {
        Seen before = who.read("r");
        for (HeadChange change : List.of(
                HeadChange.freed().build(),
                HeadChange.ready(Due.now()).build(),
                HeadChange.suspended(Set.of("approved"), Due.never(), 0).build(),
                HeadChange.blocked("no progress", Due.never()).build(),
                HeadChange.ended(RunStatus.CANCELLED).build(),
                HeadChange.gone(0).build(),
                HeadChange.naming(Incarnation.random()).build(),
                HeadChange.expired().build())) {
            Answers.notDone(trial, who.store().settle(Settle.of(old, change)));
        }
        trial.equal("its renewal is", new Renewed.Lost(), who.renew(old, Requests.LASTING));
        Answers.unchanged(trial, before, who);
    }

    @Clause(
            id = "LEASE-08",
            must = "Ownership MUST be the lease's identity, not the worker's name: the same name taking the run again"
                    + " (before the deadline only if the request says so) gets a new lease and fences the old one",
            why = "a worker that was restarted under its name runs beside the process that it replaces",
            usualFix = "compare lease ids, never who asks")
    default void lease_08_nameOwnsNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance again = trial.open("A, restarted");
        a.createFree("r");
        Lease old = a.take("r").lease();
        Seen before = a.read("r");

        Answers.refused(trial, Reason.HELD, again.acquire("r"));
        Answers.unchanged(trial, before, a);
        Lease mine = again.supersede("r").lease();

        trial.that(!mine.id().equals(old.id()), "a new lease", mine.id());
        trial.that(mine.token() > old.token(), "a token above " + old.token(), mine.token());
        Entry late = Requests.step(old, before.length(), "late");
        Answers.notAcknowledged(trial, late, a.append(late));
        Answers.notDone(trial, a.release(old));
        trial.equal("the renewal of the old one is", new Renewed.Lost(), a.renew(old, Requests.LASTING));
        Appended step = again.step(mine, before.length() + 1, "mine");
        trial.is(Appended.Written.class, "written", step);
        trial.equal("the steps are", List.of("mine"), a.read("r").texts());
    }

    @Clause(
            id = "LEASE-15",
            must =
                    "An acquirer held at every point, or a late copy of any of its requests, while another acquires, commits"
                            + " and releases MUST end as refused (HELD), and no entry of it MUST count",
            why = "a request that was under way for long brings a lease back that ended long ago",
            usualFix = "under a lease means lease id and token, in every update; of two grants the higher token counts")
    default void lease_15_lateCopiesDoNotCount(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        a.createFree("r");
        Acquire acquire =
                Requests.acquire("r", new Acquire.Take(Condition.open().build()));
        Lease old = Instance.granted(a.store().acquire(acquire)).lease();
        Lease newer = b.supersede("r").lease();
        Answers.refused(trial, Reason.HELD, a.store().acquire(acquire));
        Answers.refused(trial, Reason.HELD, a.acquire("r"));
        b.steps(newer, 3, 1);
        b.free(newer);
        Seen before = b.read("r");
        Entry late = Requests.step(old, 2, "late");
        for (Instance who : trial.sameOtherReopened(a)) {
            Answers.refused(trial, Reason.HELD, who.store().acquire(acquire));
            Answers.notAcknowledged(trial, late, who.append(late));
            Answers.notDone(trial, who.release(old));
            Answers.notDone(trial, who.end(old, 2, RunStatus.COMPLETED));
        }
        Answers.unchanged(trial, before, b);
        otherTokenIsAnotherLease(trial, a, b.take("r").lease());

        Seen seen = b.read("r");
        Entry grant = Entry.grant(old, seen.length(), EntryKind.GRANT, Requests.grant());
        List<Entry> landed = new ArrayList<>(seen.entries());
        landed.add(grant);
        trial.that(
                !Seen.folded(seen.head(), landed).isHeldBy(old),
                "a grant that lands late and does not count",
                "it counts");
        LeaseRaces.overtaken(trial);
    }

    /** The id that stands, with a token that does not. */
    private static void otherTokenIsAnotherLease(Trial trial, Instance who, Lease holder) {
        Seen before = who.read("r");
        for (long token : new long[] {holder.token() - 1, holder.token() + 1}) {
            Lease forged = new Lease("r", holder.incarnation(), holder.id(), token);
            Answers.notDone(trial, who.release(forged));
            trial.equal("its renewal is", new Renewed.Lost(), who.renew(forged, Requests.LASTING));
            who.step(forged, before.length(), "late");
            Seen after = who.read("r");
            trial.equal("the commits are", before.counting(), after.counting());
            trial.equal("the head is still", before.head(), after.head());
        }
    }
}
