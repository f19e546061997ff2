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
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** STEP: one place, one entry: repeats, rivals and late commits. */
interface StepPlaceClauses extends KitClauses {
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
