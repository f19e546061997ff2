// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** STEP: per-step append. */
interface StepClauses extends KitClauses {
    @Clause(
            id = "STEP-01",
            must = "An acknowledged step MUST be visible to the next read on the same and on any other instance",
            why = "a worker that takes a run over runs a finished step again",
            usualFix = "commit before answering; read from the primary, and keep no page from an earlier read")
    default void step_01_acknowledgedIsVisible(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        a.read("r");
        b.read("r");

        for (long place = 1; place <= 4; place++) {
            Entry step = Requests.step(lease, place, "step " + place);
            if (place % 2 == 0) {
                Settled answer = a.store()
                        .settle(Settle.of(step, HeadChange.readyAndHeld().build()));
                trial.is(Settled.Done.class, "done", answer);
            } else {
                trial.equal("the answer is", new Appended.Written(), a.append(step));
            }
            for (Instance who : place == 4 ? trial.sameOtherReopened(a) : List.of(b, a)) {
                List<Entry> entries = who.entries("r");
                trial.equal(who + " sees", place + 1, (long) entries.size());
                trial.equal(who + " sees at the end", step, entries.get((int) place));
            }
        }
        List<Entry> handedOver = b.supersede("r").page().entries();
        trial.equal("handed over are four steps and two grants:", 6, handedOver.size());
    }

    @Clause(
            id = "STEP-02",
            must =
                    "A commit repeated with the same commit id at the same place MUST be acknowledged as already written, as"
                            + " durably as the first, and change nothing, from any instance and after reopen",
            why = "after a lost reply the holder believes that its lease is gone, or the step counts twice",
            usualFix = "on a taken place answer the entry that stands there; look at the place before the lease")
    default void step_02_repeatIsAcknowledged(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        Entry first = Requests.step(lease, 1, "first");
        Entry second = Requests.step(lease, 2, "second");
        Settle released = Settle.of(second, HeadChange.ready(Due.now()).build());
        a.append(first);
        Instance.done(a.store().settle(released));
        Seen before = a.read("r");
        for (Instance who : trial.sameOtherReopened(a)) {
            repeated(trial, who, first);
            repeated(trial, who, second);
            trial.is(Settled.Done.class, "done", who.store().settle(released));
            Answers.sameRun(trial, before, who);
        }
        repeatedSuspension(trial, a);
        repeatedLater(trial, a, List.of(first, second));
        CrashPoints.cut(trial, StoreOperations.commits());
    }

    /** The run has been woken meanwhile: it must not be put to sleep again. */
    private static void repeatedSuspension(Trial trial, Instance a) {
        Lease lease = a.create("waits").lease();
        EntryBody waits = EntryBody.Suspension.of(Set.of("s"), Optional.empty(), 0);
        HeadChange suspended = HeadChange.suspended(Set.of("s"), Due.never(), 0).build();
        Settle settle = Settle.of(Requests.entry(lease, 1, waits), suspended);
        Instance.done(a.store().settle(settle));
        a.signal("waits", Requests.message("m", "s"));
        Seen due = a.read("waits");
        trial.that(due.head().due().isPresent(), "a run that is due", "one that is not");
        for (Instance who : trial.sameOtherReopened(a)) {
            trial.is(Settled.Done.class, "done", who.store().settle(settle));
            Answers.sameRun(trial, due, who);
        }
    }

    private static void repeated(Trial trial, Instance who, Entry entry) {
        trial.equal("repeated at place " + entry.place() + " it is", new Appended.Taken(entry), who.append(entry));
    }

    /** The holder that repeats has been superseded meanwhile, and then the run has ended. */
    private static void repeatedLater(Trial trial, Instance a, List<Entry> old) {
        Granted newer = a.supersede("r");
        Seen taken = a.read("r");
        for (Instance who : trial.sameOtherReopened(a)) {
            old.forEach(entry -> repeated(trial, who, entry));
            Answers.unchanged(trial, taken, who);
        }
        Entry end = Requests.end(newer.lease(), taken.length(), RunStatus.COMPLETED);
        Settle ended = Settle.of(end, HeadChange.ended(RunStatus.COMPLETED).build());
        Instance.done(a.store().settle(ended));
        Seen after = a.read("r");
        for (Instance who : trial.sameOtherReopened(a)) {
            trial.is(Settled.Done.class, "done", who.store().settle(ended));
            repeated(trial, who, end);
            repeated(trial, who, old.get(0));
            Answers.sameRun(trial, after, who);
        }
    }

    @Clause(
            id = "STEP-03",
            must =
                    "A commit to a taken place with another id, or with the same id and other bytes, MUST leave and return"
                            + " what is there",
            why = "an outcome that a workflow has already seen becomes another one",
            usualFix = "insert, never upsert; compare the whole entry before calling it a repeat")
    default void step_03_takenPlaceIsLeft(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        Entry first = Requests.step(lease, 1, "first");
        a.append(first);
        Seen before = a.read("r");
        CommitId otherId = CommitId.of(lease.id(), 99);
        List<Entry> others = List.of(
                Requests.step(lease, 1, "other"),
                Requests.step(lease, 1, "firsT"),
                Entry.of(lease, 1, EntryKind.PLAIN, otherId, first.body()),
                Entry.of(lease, 1, EntryKind.PLAIN, otherId, Bytes.empty()),
                Requests.end(lease, 1, RunStatus.FAILED));

        for (Instance who : trial.sameOtherReopened(a)) {
            for (Entry other : others) {
                HeadChange change = other.kind() == EntryKind.END
                        ? HeadChange.ended(RunStatus.FAILED).build()
                        : HeadChange.ready(Due.now()).build();
                trial.equal("an append is", new Appended.Taken(first), who.append(other));
                trial.equal("a settle is", new Settled.Taken(first), who.store().settle(Settle.of(other, change)));
                Answers.unchanged(trial, before, who);
            }
            Entry grant = before.entries().get(0);
            trial.equal(
                    "a step at place 0 is", new Appended.Taken(grant), who.append(Requests.step(lease, 0, "first")));
            Answers.unchanged(trial, before, who);
        }
    }

    @Clause(
            id = "STEP-04",
            must =
                    "An entry MUST be written whole or not at all; the head change it came with MUST follow from the journal"
                            + " alone, and no read by run id may contradict the journal while it is missing",
            why = "a run is shown as completed and is run again, or waits for ever although its end is written",
            usualFix = "write the entry first, or both in one transaction; a settle that is repeated finishes the head")
    default void step_04_entryAndHeadAgree(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        for (RunStatus status : List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)) {
            refusedSettleWritesNothing(trial, a, b, "refused " + status, status);
            endWithoutHead(trial, a, b, "cut " + status, status);
        }
        Lease waiting = a.create("waits").lease();
        Entry suspension = Requests.entry(waiting, 1, EntryBody.Suspension.of(Set.of("s"), Optional.empty(), 0));
        HeadChange change = HeadChange.suspended(Set.of("s"), Due.never(), 0).build();
        a.append(suspension);
        trial.equal(
                "the suspension:",
                Optional.of(suspension),
                b.read("waits").fold().suspension());
        trial.is(Settled.Done.class, "done", b.store().settle(Settle.of(suspension, change)));
        trial.equal("the status is", RunStatus.SUSPENDED, a.head("waits").status());
        trial.equal("the entries are still", 2, a.entries("waits").size());
        JournalRaces.halfSettled(trial);
    }

    private static void refusedSettleWritesNothing(Trial trial, Instance a, Instance b, String run, RunStatus status) {
        Lease old = a.create(run).lease();
        a.step(old, 1, "step");
        Seen before = b.read(run);
        HeadChange ended = HeadChange.ended(status).build();
        Settled taken = a.store().settle(Settle.of(Requests.end(old, 1, status), ended));
        trial.is(Settled.Taken.class, "taken", taken);
        Answers.unchanged(trial, before, b);
        Granted newer = b.supersede(run);
        Seen superseded = b.read(run);
        Settled lost = a.store().settle(Settle.of(Requests.end(old, 2, status), ended));
        trial.that(!(lost instanceof Settled.Done), "a superseded holder's settle is refused", lost);
        Answers.unchanged(trial, superseded, b);

        Settled done = b.end(newer.lease(), 3, status);

        trial.is(Settled.Done.class, "done", done);
        Seen after = a.read(run);
        trial.equal("the entries are", 4L, after.length());
        trial.equal("the status is", status, after.head().status());
        trial.that(after.fold().end().isPresent(), "an end that counts", "none");
        trial.equal("the lease of the head:", Optional.empty(), after.head().lease());
    }

    /** The entry is there and the head change is not, as after a cut between the two. */
    private static void endWithoutHead(Trial trial, Instance a, Instance b, String run, RunStatus status) {
        Lease lease = a.create(run).lease();
        Entry end = Requests.end(lease, 1, status);
        trial.equal("the end is", new Appended.Written(), a.append(end));
        trial.equal("the end:", Optional.of(end), b.read(run).fold().end());

        Settled again = b.store().settle(Settle.of(end, HeadChange.ended(status).build()));

        trial.is(Settled.Done.class, "the repeated settle is done", again);
        for (Instance who : List.of(a, b)) {
            Seen after = who.read(run);
            trial.equal("the status is", status, after.head().status());
            trial.equal("the lease of the head:", Optional.empty(), after.head().lease());
            trial.equal("the entries are still", 2L, after.length());
            trial.equal("the end:", Optional.of(end), after.fold().end());
        }
    }

    @Clause(
            id = "STEP-05",
            must = "Appending step N MUST NOT change bytes or timestamps of steps 1…N−1",
            why = "the history of a run is another one each time it is looked at",
            usualFix = "insert one row per step; never write the run anew, never touch its head in an append")
    default void step_05_earlierStepsStay(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        List<Entry> sent = new ArrayList<>(a.entries("r"));
        Head head = a.head("r");
        for (long place = 1; place <= 12; place++) {
            trial.pass(Duration.ofMillis(2));
            Entry step = Requests.step(
                    lease,
                    place,
                    "step " + place + " " + "x".repeat(trial.random().nextInt(300)));
            a.append(step);
            sent.add(step);
            trial.equal("the entries are", sent, (place % 2 == 0 ? a : b).entries("r"));
            trial.that(head.equals(b.head("r")), "the head as it was", "another head");
        }
        Granted newer = b.supersede("r");
        trial.equal("the entries before the grant are", sent, b.entries("r").subList(0, sent.size()));
        b.end(newer.lease(), sent.size() + 1L, RunStatus.COMPLETED);
        trial.equal("the entries before the end are", sent, a.entries("r").subList(0, sent.size()));
    }

    @Clause(
            id = "STEP-06",
            must =
                    "Steps MUST be returned in position order, whatever their names or equal timestamps; for a run without"
                            + " forgotten steps and parallel groups that is append order",
            why = "a resumed workflow gets the outcome of another step, or stops as diverged",
            usualFix = "ORDER BY the place as a number, in every page, and nothing else")
    default void step_06_stepsComeInOrder(Trial trial) {
        Instance a = trial.open("A");
        Random random = trial.random();
        List<Lease> leases =
                IntStream.range(0, 3).mapToObj(i -> a.create("r" + i).lease()).toList();
        List<List<Entry>> sent = leases.stream()
                .map(lease -> (List<Entry>) new ArrayList<>(a.entries(lease.runId())))
                .toList();
        for (long place = 1; place <= 60; place++) {
            List<Entry> batch = new ArrayList<>();
            for (Lease lease : leases) {
                batch.add(Requests.step(lease, place, Texts.random(random, 2 + random.nextInt(20))));
            }
            Collections.shuffle(batch, random);
            batch.forEach(
                    entry -> sent.get(Integer.parseInt(entry.lease().runId().substring(1)))
                            .add(entry));
            a.store().append(batch).forEach(answer -> trial.equal("a step is", new Appended.Written(), answer));
        }

        for (Instance who : trial.sameOtherReopened(a)) {
            for (int i = 0; i < leases.size(); i++) {
                int small = who == a ? 1 : 1_000 + random.nextInt(4_000);
                for (int pageBytes : List.of(small, 4 << 20)) {
                    String run = "r" + i;
                    List<Entry> read = Checks.answered(
                            trial, "every step, in order", () -> Seen.entries(who.store(), run, pageBytes));
                    trial.equal("the places are in order:", places(sent.get(i)), places(read));
                    trial.equal("the entries are", sent.get(i), read);
                }
            }
        }
    }

    private static List<Long> places(List<Entry> entries) {
        return entries.stream().map(Entry::place).toList();
    }

    @Clause(
            id = "STEP-07",
            must = "Of N concurrent commits to one place exactly one MUST be written and the others told what is there;"
                    + " commits of different runs MUST all be kept",
            why = "of two outcomes of a step both are acknowledged, and one is lost",
            usualFix = "let a unique key on run, incarnation and place decide; never look first and then insert")
    default void step_07_onePlaceHasOneWinner(Trial trial) {
        List<Instance> instances =
                IntStream.range(0, 4).mapToObj(i -> trial.open("process" + i)).toList();
        for (int round = 0; round < 4; round++) {
            String run = "r" + round;
            Lease lease = instances.get(0).create(run).lease();
            List<Callable<Appended>> calls = new ArrayList<>();
            List<Lease> own = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Instance who = instances.get(i % instances.size());
                Lease alone = who.create(run + " of " + i).lease();
                own.add(alone);
                Entry same =
                        Entry.of(lease, 1, EntryKind.PLAIN, CommitId.of(lease.id(), 100L + i), Bytes.utf8("body " + i));
                Entry other = Requests.step(alone, 1, "own " + i);
                boolean two = i % 2 == 0;
                calls.add(() -> two ? who.store().append(List.of(same, other)).get(0) : both(who, same, other));
            }
            List<Appended> answers = trial.atOnce(calls);

            List<Entry> entries = instances.get(1).entries(run);
            trial.equal("the entries are a grant and one step:", 2, entries.size());
            Entry winner = entries.get(1);
            long written =
                    answers.stream().filter(Appended.Written.class::isInstance).count();
            trial.equal("written are", 1L, written);
            answers.stream()
                    .filter(answer -> !(answer instanceof Appended.Written))
                    .forEach(answer -> trial.equal("the others are told", new Appended.Taken(winner), answer));
            Appended winners =
                    answers.get(Integer.parseInt(winner.body().asUtf8().substring(5)));
            trial.equal("the one that stands there was told", new Appended.Written(), winners);
            for (int i = 0; i < own.size(); i++) {
                List<String> texts = instances.get(2).read(own.get(i).runId()).texts();
                trial.that(texts.equals(List.of("own " + i)), "the step of every other run", texts.size() + " steps");
            }
        }
        JournalRaces.onePlace(trial);
    }

    private static Appended both(Instance who, Entry same, Entry other) {
        Appended answer = who.append(same);
        who.append(other);
        return answer;
    }

    @Clause(
            id = "STEP-08",
            must =
                    "A commit that arrives late or again, also after forget, end, delete or restore, MUST land at its own"
                            + " place or nowhere, and never count twice",
            why = "a request that hung in the network adds a step to a run that has gone on, ended, or begun anew",
            usualFix = "write an entry only behind one of the same lease; keep fences of what was deleted")
    default void step_08_lateCommitLandsNowhere(Trial trial) {
        Instance a = trial.open("A");
        List<LateCommits> all = Stream.of(LateCommits.When.values())
                .map(when -> LateCommits.happened(trial, a, when))
                .toList();
        for (Instance who : trial.sameOtherReopened(a)) {
            all.forEach(late -> late.arrive(who));
        }
        lateFirstEntry(trial, a);
        JournalRaces.late(trial);
    }

    /** The first entry of an incarnation that a superseded restore wanted to write beside the run. */
    private static void lateFirstEntry(Trial trial, Instance a) {
        a.createFree("restored");
        Granted mover = a.take("restored");
        Incarnation beside = Incarnation.random();
        Instance.done(a.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(beside).build())));
        a.supersede("restored");
        Seen before = a.read("restored");
        for (Instance who : trial.sameOtherReopened(a)) {
            who.append(Requests.firstEntry(mover.lease().over(beside)));
            Answers.unchanged(trial, before, who);
        }
    }

    @Clause(
            id = "STEP-09",
            must = "A free place before a counting entry MUST be reported as Corrupt naming run, incarnation and place;"
                    + " nothing after it is returned, run or repaired",
            why = "a run goes on without a step that was acknowledged, and does its work twice",
            usualFix = "check that the places run without a gap before a grant is committed and handed over")
    default void step_09_gapIsCorrupt(Trial trial) {
        Instance a = trial.open("A");
        List<Gap> gaps =
                Stream.of(0L, 1L, 3L).map(place -> Gap.made(trial, a, place)).toList();
        long objects = trial.raw().objects(trial.env(a));

        for (Instance who : trial.sameOtherReopened(a)) {
            for (Gap gap : gaps) {
                gap.isFound(trial, () -> gap.readOn(who, 1));
                gap.isFound(trial, () -> gap.readOn(who, 4 << 20));
                gap.isFound(trial, () -> gap.acquire(who, Condition.Over.EXPIRED));
                gap.isFound(trial, () -> gap.acquire(who, Condition.Over.LIVE));
                gap.nothingBehind(trial);
            }
            trial.pass(Gap.BRIEF.multipliedBy(10)); // a store may leave the lease of who found a gap until it runs out
            Gap.notClaimed(trial, who);
            trial.pass(Gap.BRIEF.multipliedBy(10));
        }
        trial.equal("the objects stored are still", objects, trial.raw().objects(trial.env(a)));
    }

    @Clause(
            id = "STEP-10",
            must =
                    "A holder that finds an entry that does not count at its place MUST write the same commit at the next free"
                            + " place, once",
            why = "an entry of a late acquirer stops a run for ever, or makes a step count twice",
            usualFix = "judge a commit by its place alone: the same commit id may be sent for another place")
    default void step_10_stepsOverWhatDoesNotCount(Trial trial) {
        Instance a = trial.open("A");
        a.createEnded("r", RunStatus.FAILED);
        Granted deleter =
                Instance.granted(a.acquire("r", Condition.openOrEnded().build()));
        Instance.done(
                a.store().settle(Settle.of(deleter.lease(), HeadChange.freed().build())));
        Lease holder =
                Instance.granted(a.acquire("r", Condition.failed().build())).lease();
        Seen before = a.read("r");
        trial.that(
                before.fold().isHeldBy(holder),
                "a failed run is reopened behind a grant that does not count",
                before.head());
        long free = before.length();
        Entry commit = Requests.entry(holder, 2, EntryKind.PLAIN, Bytes.utf8("step"));

        Entry sent = commit;
        while (sent.place() < free) {
            trial.equal(
                    "place " + sent.place() + " is",
                    new Appended.Taken(before.entries().get((int) sent.place())),
                    a.append(sent));
            sent = sent.at(sent.place() + 1);
        }
        trial.equal("the same commit at the next free place is", new Appended.Written(), a.append(sent));

        for (Instance who : trial.sameOtherReopened(a)) {
            repeated(trial, who, sent);
            trial.is(Appended.Taken.class, "taken", who.append(commit));
            Seen after = who.read("r");
            trial.equal("the entries are", free + 1, after.length());
            trial.equal(
                    "the revision has one more:",
                    before.revision().count() + 1,
                    after.revision().count());
            trial.that(after.texts().contains("step"), "the step counts", "it does not");
        }
        Settled ended = a.end(holder, free + 1, RunStatus.COMPLETED);
        trial.is(Settled.Done.class, "done", ended);
        trial.equal("the status is", RunStatus.COMPLETED, a.head("r").status());
        CrashPoints.cut(trial, StoreOperations.steppingOver());
    }
}
