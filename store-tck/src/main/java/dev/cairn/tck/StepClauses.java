// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** STEP: per-step append: what is acknowledged can be read, whole and in order. */
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
}
