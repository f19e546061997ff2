// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** VER: incarnations: created by one, gone for good, never used twice. */
interface VerIncarnationClauses extends KitClauses {
    @Clause(
            id = "VER-01",
            must =
                    "An acquire that asks for an absent run MUST be refused (EXISTS) where the run exists, with exactly one"
                            + " winner among N creators",
            why = "an order that is placed twice is fulfilled twice",
            usualFix = "insert the head only if there is none, in one atomic request")
    default void ver_01_oneCreatorWins(Trial trial) {
        List<Instance> parties = Race.parties(trial, 4);
        Instance a = parties.get(0);
        for (String run : List.of("r1", "r2", "r3")) {
            List<Acquired> answers = Race.acquire(trial, parties, run, () -> new Acquire.Create(Requests.newRun()));
            Granted winner = Race.oneWinner(trial, answers, Set.of(Reason.EXISTS, Reason.ARRIVING), a);
            trial.equal("entries in the journal:", 1L, a.read(run).length());
            trial.equal(
                    "the incarnation", winner.lease().incarnation(), a.head(run).incarnation());
        }
        List<Acquired> either = Race.acquire(
                trial,
                parties,
                "r4",
                () -> new Acquire.CreateOrTake(
                        Requests.newRun(), Condition.open().build()));
        Race.oneWinner(trial, either, Set.of(Reason.HELD, Reason.ARRIVING), a);

        a.createFree("free");
        a.createEnded("ended", RunStatus.FAILED);
        a.suspend(a.create("waiting").lease(), 1, Optional.empty(), 0, "approved");
        for (String run : List.of("r1", "free", "ended", "waiting")) {
            Seen before = a.read(run);
            Answers.refused(trial, Reason.EXISTS, create(parties.get(1), run, Requests.newRun()));
            Answers.unchanged(trial, before, a);
        }
        whoTakesAnArrivalBeginsAnew(trial, a, parties.get(1));
        LeaseRaces.creators(trial);
    }

    private static void whoTakesAnArrivalBeginsAnew(Trial trial, Instance a, Instance b) {
        NewRun arriving = Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING);
        Lease importer = a.create("arriving", arriving).lease();
        Seen before = a.read("arriving");
        Answers.refused(trial, Reason.ARRIVING, create(b, "arriving", Requests.newRun()));
        Answers.unchanged(trial, before, a);
        a.expire(importer);
        NewRun run = Requests.newRun();
        Granted creator = Answers.granted(trial, "the run, whose importer is gone", create(b, "arriving", run));
        trial.equal("the incarnation", run.incarnation(), creator.lease().incarnation());
        a.step(importer, 1, "imported");
        Settled done =
                a.store().settle(Settle.of(importer, HeadChange.ready(Due.now()).build()));
        Answers.notDone(trial, done);
        Seen seen = b.read("arriving");
        trial.equal("the incarnation", run.incarnation(), seen.head().incarnation());
        trial.equal("entries in the journal:", 1L, seen.length());
    }

    private static Acquired create(Instance who, String runId, NewRun run) {
        return who.store().acquire(Requests.acquire(runId, new Acquire.Create(run)));
    }

    @Clause(
            id = "VER-04",
            must = "A restore or delete with a revision that the run never had, or on a missing run MUST be refused,"
                    + " nothing upserted; a commit into an incarnation deleted, purged or replaced less than a fence time"
                    + " ago MUST NOT be acknowledged",
            why = "deleted runs come back, and a worker believes a step is recorded in a run that is gone",
            usualFix =
                    "delete the journal with the run, or strip its places, so that a repeat finds another entry there")
    default void ver_04_goneTakesNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Revision never = new Revision(Incarnation.random(), 1);
        Answers.refused(trial, Reason.ABSENT, b.acquireAt("missing", never));
        Answers.refused(
                trial, Reason.ABSENT, b.acquire("missing", Condition.failed().build()));
        Answers.absent(trial, "missing", a);
        trial.equal("a signal is told", Signalled.ABSENT, a.signal("missing", Requests.message("m", "approved")));
        a.createFree("there");
        Seen before = a.read("there");
        Answers.refused(trial, Reason.REVISION, b.acquireAt("there", never));
        Answers.unchanged(trial, before, a);

        Lease deleted = heldAndLeft(a, "deleted");
        b.delete("deleted");
        nothingIsAcknowledged(trial, a, deleted, 3);
        Answers.absent(trial, "deleted", b);

        Lease replaced = heldAndLeft(a, "replaced");
        Instance.done(b.restore("replaced", b.revision("replaced"), "new"));
        nothingIsAcknowledged(trial, a, replaced, 3);
        trial.equal(
                "the steps of the run are", List.of("new"), b.read("replaced").texts());

        Lease purged = a.create("purged").lease();
        a.steps(purged, 1, 2);
        Instance.done(a.end(purged, 3, RunStatus.COMPLETED));
        Head ended = a.head("purged");
        b.store().erase(List.of(new Erase.Ended("purged", ended.incarnation(), ended.token(), ended.changed())));
        nothingIsAcknowledged(trial, a, purged, 2);
        Answers.notDone(trial, a.end(purged, 3, RunStatus.COMPLETED));
        Answers.absent(trial, "purged", b);
    }

    /** A run with two steps whose holder was paused for longer than its lease. */
    private static Lease heldAndLeft(Instance a, String run) {
        Lease lease = a.create(run).lease();
        a.steps(lease, 1, 2);
        a.expire(lease);
        return lease;
    }

    /** Not what was acknowledged before, sent again; and nothing at the next place. */
    private static void nothingIsAcknowledged(Trial trial, Instance a, Lease lease, long places) {
        for (Instance who : trial.sameOtherReopened(a)) {
            for (long place = 1; place <= places; place++) {
                Entry sent = Requests.step(lease, place, "step-" + place);
                Answers.notAcknowledged(trial, sent, who.append(sent));
            }
        }
    }

    @Clause(
            id = "VER-06",
            must = "Within an incarnation the revision MUST never decrease, and no incarnation MUST be used twice, also"
                    + " after delete, restore, re-creation and by a late copy of a request",
            why = "a late copy of the request that created a run brings the deleted run back",
            usualFix = "refuse to create an incarnation that the head carries or names beside it")
    default void ver_06_incarnationIsUsedOnce(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        List<Acquire> creations = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Acquire creation = Requests.acquire("r", new Acquire.Create(Requests.newRun()));
            creations.add(creation);
            Granted made = Instance.granted(a.store().acquire(creation));
            a.steps(made.lease(), 1, 1);
            a.free(made.lease());
            a.delete("r");
            usedOnce(trial, b, creations);
            Answers.absent(trial, "r", b);
        }
        a.create("r");
        Seen before = a.read("r");
        usedOnce(trial, b, creations);
        Answers.unchanged(trial, before, b);

        lateCopyOfARestore(trial, a, b);
        revisionNeverDecreases(trial, a, b);
        JournalRaces.lateCreate(trial);
    }

    /** Late copies of requests, and new ones with what they carried. */
    private static void usedOnce(Trial trial, Instance who, List<Acquire> creations) {
        for (Acquire late : creations) {
            Answers.refused(trial, Reason.EXISTS, who.store().acquire(late));
            Answers.refused(trial, Reason.EXISTS, who.store().acquire(Requests.acquire("r", late.target())));
        }
    }

    private static void lateCopyOfARestore(Trial trial, Instance a, Instance b) {
        a.createFree("s");
        Granted mover = Instance.granted(a.acquireAt("s", a.revision("s")));
        Incarnation next = Incarnation.random();
        Instance.done(a.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        a.append(Requests.firstEntry(mover.lease().over(next)));
        Settle last = Settle.of(
                mover.lease(), HeadChange.ready(Due.now()).switchingTo(next, 0).build());
        Instance.done(a.store().settle(last));
        a.leave("s", mover.lease().incarnation());
        Granted holder = a.take("s");
        a.step(holder.lease(), 2, "after");
        Seen before = a.read("s");

        for (Instance who : trial.sameOtherReopened(b)) {
            Answers.notDone(trial, who.store().settle(last));
        }

        Answers.unchanged(trial, before, a);
    }

    private static void revisionNeverDecreases(Trial trial, Instance a, Instance b) {
        List<Lease> leases = new ArrayList<>(List.of(a.create("t").lease()));
        long count = 0;
        for (int i = 0; i < 20; i++) {
            Lease last = leases.get(leases.size() - 1);
            Lease any = leases.get(trial.random().nextInt(leases.size()));
            long place = trial.random().nextInt((int) a.read("t").length() + 1);
            switch (trial.random().nextInt(5)) {
                case 0 -> leases.add(b.supersede("t").lease());
                case 1 -> a.renew(any, Duration.ofMinutes(1));
                case 2 -> a.step(any, Math.max(1, place), "any-" + i);
                default -> a.step(last, a.read("t").length(), "next-" + i);
            }
            Revision now = b.revision("t");
            trial.equal("the incarnation", leases.get(0).incarnation(), now.incarnation());
            trial.that(now.count() >= count, "a revision of at least " + count, now);
            count = now.count();
        }
    }
}
