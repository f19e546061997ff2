// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** MOVE: state is portable. */
interface MoveClauses extends KitClauses {
    @Clause(
            id = "MOVE-01",
            must = "A run exported from any store and restored into any other MUST load as an equal `ResumeState`, and"
                    + " resume from the same step",
            why = "after a move a run does steps again, or goes on with other values",
            usualFix = "hand over and take in entries as they are: bytes, order, labels, progress, messages")
    default void move_01_loadsEqualElsewhere(Trial trial) {
        Instance a = trial.open("A");
        Instance reference = LockStepReference.open(trial, "reference");
        Instance b =
                trial.open("B", trial.options().namespace(Storages.freshName()).build());
        for (int i = 0; i < 12; i++) {
            String runId = "r" + i;
            Seen exported = written(trial, a, runId);
            List<Object> before = MovedRun.content(exported);

            trial.equal("a move to the reference store answers", true, new CoreMove(a, reference, runId).move());
            trial.equal("in the reference store the run is", before, MovedRun.content(reference.read(runId)));
            trial.equal("a move from the reference store answers", true, new CoreMove(reference, b, runId).move());
            trial.equal("in the other store the run is", before, MovedRun.content(b.read(runId)));
            trial.equal("a move that was done before answers", false, new CoreMove(reference, b, runId).move());
            trial.that(
                    a.find(runId).isEmpty(),
                    "no run in the source",
                    a.find(runId).map(Seen::head));
            resumes(trial, b, runId);
        }
    }

    private static void resumes(Trial trial, Instance who, String runId) {
        Seen seen = who.read(runId);
        if (seen.fold().end().isPresent()) {
            return;
        }
        Acquired answer = who.acquire(runId);
        if (answer instanceof Refused refused) {
            trial.equal("it is refused only because", Reason.WAITING, refused.reason());
            answer = who.supersede(runId);
        }
        Granted granted = trial.is(Granted.class, "the moved run to be had", answer);
        trial.equal("it hands over", seen.counting(), Seen.of(granted.page()).counting());
        long place = granted.page().entries().size();
        trial.is(Appended.Written.class, "the next step written", who.step(granted.lease(), place, "next"));
    }

    /** A run with whatever a run may have, as it is read: with what was written. */
    private static Seen written(Trial trial, Instance who, String runId) {
        Random random = trial.random();
        Labels labels =
                random.nextInt(3) == 0 ? Labels.NONE : Labels.of(Map.of("team", "\u00e9\ud83d\ude80", "empty", ""));
        int version = 1 + random.nextInt(5);
        NewRun run = new NewRun(
                "w" + random.nextInt(3), version, Incarnation.random(), labels, RunStatus.READY, Requests.origin(), 0);
        Lease lease = who.create(runId, run).lease();
        List<Bytes> bodies = new ArrayList<>();
        for (int steps = random.nextInt(6); steps > 0; steps--) {
            byte[] bytes = new byte[random.nextInt(5) == 0 ? 100_000 : random.nextInt(100)];
            random.nextBytes(bytes);
            bodies.add(Bytes.adopt(bytes));
            who.append(Requests.entry(lease, bodies.size(), EntryKind.PLAIN, Bytes.adopt(bytes)));
        }
        finish(random, who, lease, bodies.size() + 1L);
        Seen seen = who.read(runId);
        List<Bytes> plain = seen.counting().stream()
                .filter(entry -> entry.kind() == EntryKind.PLAIN)
                .map(Entry::body)
                .toList();
        trial.equal("the exported bodies are", bodies, plain);
        trial.equal("the exported labels are", labels, seen.head().labels());
        trial.equal("the exported version is", version, seen.head().version());
        return seen;
    }

    private static void finish(Random random, Instance who, Lease lease, long place) {
        String runId = lease.runId();
        long signals = random.nextInt(3);
        for (int i = 0; i < signals; i++) {
            who.signal(runId, new Message("m" + i, "n", Bytes.utf8("payload " + random.nextInt())));
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                Optional<Instant> due =
                        random.nextBoolean() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(7_000_000_000_123L));
                Instance.done(who.suspend(lease, place, due, signals, "x", "y"));
            }
            case 1 -> Instance.done(who.end(lease, place, RunStatus.FAILED));
            case 2 -> Instance.done(who.end(lease, place, RunStatus.COMPLETED));
            default ->
                Instance.done(who.store()
                        .settle(Settle.of(
                                lease,
                                HeadChange.ready(Due.now())
                                        .progress("half \ud83d\ude80")
                                        .build())));
        }
    }

    @Clause(
            id = "MOVE-02",
            must = "Restore MUST be all or nothing and MUST refuse to overwrite a run it was not asked to replace",
            why = "an import replaces a run that somebody works on, or half of it is run",
            usualFix = "write beside the run and switch its head last, only at the expected revision")
    default void move_02_restoreIsAllOrNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        importing(trial, a, b);
        Lease holder = a.create("r").lease();
        a.steps(holder, 1, 2);
        a.free(holder);
        Seen before = a.read("r");
        NewRun imported = Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING);

        Answers.refused(trial, Reason.EXISTS, b.store().acquire(Requests.acquire("r", new Acquire.Create(imported))));
        Revision revision = a.revision("r");
        Revision stale = new Revision(revision.incarnation(), revision.count() - 1);
        Revision other = new Revision(Incarnation.random(), revision.count());
        for (Revision wrong : List.of(stale, other)) {
            Condition at = Condition.openOrEnded().at(wrong).build();
            Answers.refused(trial, Reason.REVISION, b.acquire("r", at));
        }
        Answers.unchanged(trial, before, a);

        replacing(trial, a, b);
    }

    /** Until the last act nobody can have it; then it is there whole. */
    private static void importing(Trial trial, Instance a, Instance b) {
        NewRun run = Requests.newRun("imported", Labels.NONE, RunStatus.ARRIVING);
        Lease lease = a.create("new", run).lease();
        a.steps(lease, 1, 1);
        Entry given = Requests.step(lease, 2, "2");
        trial.equal(
                "a step of the import",
                new Appended.Written(),
                a.store().append(List.of(given)).get(0));

        trial.equal(
                "until its last act it is", RunStatus.ARRIVING, b.head("new").status());
        Answers.refused(trial, Reason.ARRIVING, b.acquire("new"));
        Answers.refused(
                trial,
                Reason.ARRIVING,
                b.acquire("new", Condition.open().over(Condition.Over.LIVE).build()));
        Answers.refused(
                trial, Reason.ARRIVING, b.acquire("new", Condition.openOrEnded().build()));
        trial.equal("a signal is", Signalled.ARRIVING, b.signal("new", Requests.message("m", "x")));
        a.expire(lease);
        trial.equal("claimed", List.of(), claimed(b, "imported"));
        Answers.refused(trial, Reason.ARRIVING, b.acquire("new"));
        Lease second = b.create("new", Requests.newRun("imported", Labels.NONE, RunStatus.ARRIVING))
                .lease();
        trial.equal("of the import that was given up is left", 1L, b.read("new").length());
        for (Entry late : List.of(given, Requests.step(lease, given.place(), "late"))) {
            Appended answer = a.store().append(List.of(late)).get(0);
            boolean refused = answer instanceof Appended.Fenced
                    || (answer instanceof Appended.Taken other && !other.entry().equals(late));
            trial.that(refused, "a step of the import that was given up refused", answer);
        }
        trial.equal("and of the new one is there", 1L, b.read("new").length());
        b.steps(second, 1, 3);
        b.free(second);
        trial.equal(
                "after the last act the steps are", 3, a.read("new").counting().size());
        trial.equal("claimed", List.of("new"), claimed(a, "imported"));
    }

    private static List<String> claimed(Instance who, String workflow) {
        Claim claim = new Claim(
                LeaseId.random(),
                List.of(new WorkflowVersions(workflow, 1, Set.of(1))),
                10,
                Requests.LASTING,
                Requests.grant());
        return who.store().claim(claim).stream()
                .map(granted -> granted.lease().runId())
                .toList();
    }

    private static void replacing(Trial trial, Instance a, Instance b) {
        List<String> old = b.read("r").texts();
        for (int given = 0; given < 2; given++) {
            Granted mover = Instance.granted(
                    a.acquire("r", Condition.openOrEnded().at(a.revision("r")).build()));
            Incarnation next = Incarnation.random();
            Lease beside = mover.lease().over(next);
            Seen whole = b.read("r");
            a.append(Requests.firstEntry(mover.lease().over(Incarnation.random())));
            Answers.unchanged(trial, whole, b); // what the head does not name is refused, or lies where nobody sees it
            Instance.done(a.store()
                    .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
            trial.is(Appended.Written.class, "its first entry written", a.append(Requests.firstEntry(beside)));
            a.steps(beside, 1, 3);
            trial.equal("half restored the steps are", old, b.read("r").texts());
            Answers.refused(trial, Reason.HELD, b.acquire("r"));
            if (given == 0) {
                a.expire(mover.lease());
                trial.equal("given up, the steps are", old, b.read("r").texts());
                b.free(b.take("r").lease());
            } else {
                HeadChange change =
                        HeadChange.ready(Due.now()).switchingTo(next, 0).build();
                Instance.done(a.store().settle(Settle.of(mover.lease(), change)));
            }
        }
        trial.equal(
                "restored, the steps are",
                List.of("step-1", "step-2", "step-3"),
                b.read("r").texts());
        CrashPoints.cut(trial, List.of(CoreOperations.save(), CoreOperations.saveOver()));
    }

    @Clause(
            id = "MOVE-03",
            must =
                    "A run MUST be moved only under a lease held by the mover from before the export until *moved* stands in"
                            + " the source; another's live lease is refused and changes nothing",
            why = "a step that the old store acknowledges is missing in the new one",
            usualFix = "treat the mover as a holder: HELD while another lease is live, and no entry of it counts once"
                    + " it is superseded")
    default void move_03_movesUnderItsLease(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Instance target = LockStepReference.open(trial, "reference");
        Lease worker = a.create("held").lease();
        a.steps(worker, 1, 1);
        Seen before = a.read("held");

        trial.equal(
                "a mover is refused because",
                Reason.HELD,
                trial.is(Refused.class, "a mover refused", new Mover(b, target, "held").move())
                        .reason());

        Answers.unchanged(trial, before, a);
        trial.that(target.find("held").isEmpty(), "nothing in the target", "a run");
        Object answer = new CoreMove(b, target, "held").move();
        trial.that(CoreMove.isHeld(answer), "core's move refused because somebody holds the run", answer);
        Answers.unchanged(trial, before, a);
        trial.that(target.find("held").isEmpty(), "nothing in the target after core's move", "a run");
        trial.is(Appended.Written.class, "the holder's next step written", a.step(worker, 2, "two"));
        a.free(worker);

        Mover mover = new Mover(b, target, "held");
        mover.upTo(Mover.Act.APPEND);
        Answers.refused(trial, Reason.HELD, a.acquire("held"));
        Granted other = a.supersede("held");
        Object moved = mover.act(Mover.Act.MOVED);
        trial.that(!(moved instanceof Settled.Done), "a superseded mover's end refused", moved);
        trial.that(a.read("held").fold().end().isEmpty(), "a run that goes on in the source", a.head("held"));
        long place = a.read("held").length();
        trial.is(Appended.Written.class, "the step of the newer holder written", a.step(other.lease(), place, "three"));
        a.free(other.lease());
        moved(trial, a, b, target);
        new MoveCuts(trial, b, target).takenOverAnywhere(a);
    }

    /** Once moved stands, nobody goes on in the source. */
    private static void moved(Trial trial, Instance a, Instance b, Instance target) {
        Mover mover = new Mover(b, target, "held");
        trial.is(Settled.Done.class, "a later mover's end written", mover.upTo(Mover.Act.MOVED));
        Answers.refused(trial, Reason.ENDED, a.acquire("held"));
        trial.equal("claimed in the source", List.of(), claimed(a, Requests.WORKFLOW));
        Appended late = a.step(mover.from(), a.read("held").length(), "late");
        trial.that(!a.read("held").texts().contains("late"), "no step of the mover's lease counting after moved", late);
        trial.equal(
                "in the target the steps are",
                List.of("step-1", "two", "three"),
                target.read("held").texts());
    }

    @Clause(
            id = "MOVE-04",
            must = "Cut at any point, a move MUST never leave the run claimable in both stores or lost in both, and"
                    + " repeating it MUST finish or undo it; a create in the target meanwhile MUST be refused",
            why = "a run is done twice, once in each store, or never again",
            usualFix = "keep the source's token in the arriving head, and let only a higher one of the same source in")
    default void move_04_cutMoveIsFinishedByRepeating(Trial trial) {
        Instance a = trial.open("A");
        Instance reference = LockStepReference.open(trial, "reference");
        for (Mover.Act cut : Mover.Act.values()) {
            trial.did("the move is cut after " + cut);
            cut(trial, a, reference, "from " + cut, cut);
            cut(trial, reference, a, "to " + cut, cut);
        }
        new MoveCuts(trial, a, reference).cutAnywhere("from");
        new MoveCuts(trial, reference, a).cutAnywhere("to");
        WiredMoves.cutAnywhere(trial);
    }

    private static void cut(Trial trial, Instance source, Instance target, String runId, Mover.Act cut) {
        source.createFree(runId);
        Lease lease = source.take(runId).lease();
        source.steps(lease, 2, 2);
        source.free(lease);
        Mover first = new Mover(source, target, runId);
        first.upTo(cut);
        letExpire(first, source, target, runId);

        List<String> claimable = new ArrayList<>();
        claimableIn(source, runId).ifPresent(claimable::add);
        claimableIn(target, runId).ifPresent(claimable::add);
        trial.that(claimable.size() < 2, "a run that can be claimed in one store", claimable);
        boolean inSource =
                source.find(runId).filter(seen -> seen.counting().size() >= 2).isPresent();
        boolean inTarget =
                target.find(runId).filter(seen -> seen.counting().size() >= 2).isPresent();
        trial.that(inSource || inTarget, "a run that is whole in one store", "lost in both");
        boolean arrives = target.find(runId)
                .filter(seen -> seen.head().status() == RunStatus.ARRIVING)
                .isPresent();
        if (arrives) {
            strangers(trial, target, runId, first.from().token());
        }
        if (source.find(runId).isPresent()) {
            trial.is(Settled.Done.class, "the move finished by repeating it", new Mover(source, target, runId).move());
        }
        trial.that(
                source.find(runId).isEmpty(),
                "no run in the source",
                source.find(runId).map(Seen::head));
        trial.equal(
                "in the target the steps are",
                List.of("step-2", "step-3"),
                target.read(runId).texts());
        trial.equal("and it is", Optional.of(runId), claimableIn(target, runId));
    }

    /** A create, an import and a move of an earlier grant find the arriving run in their way, for ever. */
    private static void strangers(Trial trial, Instance target, String runId, long token) {
        Seen before = target.read(runId);
        for (long source : List.of(0L, token - 1, token)) {
            RunStatus arrival = source == 0 ? RunStatus.READY : RunStatus.ARRIVING;
            NewRun run = new NewRun(
                    Requests.WORKFLOW, 1, Incarnation.random(), Labels.NONE, arrival, Requests.origin(), source);
            Answers.refused(
                    trial, Reason.ARRIVING, target.store().acquire(Requests.acquire(runId, new Acquire.Create(run))));
        }
        Answers.unchanged(trial, before, target);
    }

    /** As time would: whatever lease of the mover still stands. */
    private static void letExpire(Mover mover, Instance source, Instance target, String runId) {
        source.find(runId)
                .filter(seen -> seen.head().isHeldBy(mover.from()))
                .ifPresent(seen -> source.expire(mover.from()));
        target.find(runId)
                .filter(seen -> seen.head().isHeldBy(mover.to()))
                .ifPresent(seen -> target.expire(mover.to()));
    }

    /** Whether a worker would get it; it is given back. */
    private static Optional<String> claimableIn(Instance who, String runId) {
        Acquired answer = who.acquire(runId);
        if (answer instanceof Granted granted) {
            who.free(granted.lease());
            return Optional.of(runId);
        }
        return Optional.empty();
    }

    @Clause(
            id = "MOVE-05",
            must = "The target's tokens and idempotency keys MUST continue the source's",
            why = "a holder from before the move writes into the new store, or a payment is made twice",
            usualFix = "give tokens above the source's, whatever the clock says, and keep the first grant's bytes")
    default void move_05_tokensAndKeysContinue(Trial trial) {
        Instance a = trial.open("A");
        Bytes origin = EntryCodec.encode(new EntryBody.Grant(
                "worker",
                "host",
                Requests.WORKFLOW,
                1,
                Optional.of(new EntryBody.Origin(
                        "a scope \ud83d\ude80", Bytes.utf8("{}"), Optional.of(Instant.ofEpochMilli(1))))));
        long source = (1L << 52) + trial.random().nextInt(1000);
        Lease given = a.create("r", run(origin, source)).lease();
        a.expire(given);
        Lease arrived = a.create("r", run(origin, source + 10)).lease();
        trial.that(given.token() > source, "a token above " + source, given.token());
        trial.that(arrived.token() > source + 10, "a token above " + (source + 10), arrived.token());
        trial.that(arrived.token() > given.token(), "a token above the arrival before", arrived.token());
        a.steps(arrived, 1, 1);
        a.free(arrived);

        for (Instance who : trial.sameOtherReopened(a)) {
            Lease next = who.take("r").lease();
            trial.that(next.token() > arrived.token(), "a token above the arrival", next.token());
            trial.equal(
                    "the scope of its idempotency keys is",
                    EntryCodec.decode(Entry.of(next, 0, EntryKind.GRANT, CommitId.ofGrant(next.id()), origin)),
                    EntryCodec.decode(who.read("r").entries().get(0)));
            who.free(next);
        }
        Seen before = a.read("r");
        Instance reference = LockStepReference.open(trial, "reference");
        trial.equal("core's move answers", true, new CoreMove(a, reference, "r").move());
        trial.equal("its origin is", MovedRun.origin(before), MovedRun.origin(reference.read("r")));
        long elsewhere = reference.head("r").token();
        trial.that(elsewhere > before.head().token(), "a token above that of the first store", elsewhere);
        trial.equal("core's move back answers", true, new CoreMove(reference, a, "r").move());
        trial.equal("its origin is still", MovedRun.origin(before), MovedRun.origin(a.read("r")));
        Lease back = a.take("r").lease();
        trial.that(back.token() > elsewhere + 1, "a token above that of the other store", back.token());
        a.free(back);
        a.delete("r");
        Lease anew = a.create("r").lease();
        trial.that(anew.token() > back.token(), "a token above the source's, also created anew", anew.token());
    }

    private static NewRun run(Bytes origin, long source) {
        return new NewRun(Requests.WORKFLOW, 1, Incarnation.random(), Labels.NONE, RunStatus.ARRIVING, origin, source);
    }
}
