// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** BATCH: many commits in one request. */
interface BatchClauses extends KitClauses {
    @Clause(
            id = "BATCH-01",
            must =
                    "Of a list of commits each MUST succeed or be refused by itself, with its answer at its own position; one"
                            + " that is blocked, too large or refused MUST NOT delay or fail the others",
            why = "one run that was taken over loses the steps of all others on the same worker",
            usualFix = "answer each entry by what became of its own row; never by how many rows were written")
    default void batch_01_eachIsJudgedByItself(Trial trial) {
        Instance a = trial.open("A");
        Bytes tooLarge = Bytes.adopt(new byte[a.store().facts().limits().entryBytes() + 1]);
        for (int round = 0; round < 4; round++) {
            List<BatchMember> members = new ArrayList<>();
            for (BatchMember.Fate fate : BatchMember.Fate.values()) {
                members.add(BatchMember.prepared(a, fate, fate + " " + round, tooLarge));
            }
            Collections.shuffle(members, trial.random());
            List<Entry> entries = members.stream().map(BatchMember::entry).toList();

            List<Appended> answers =
                    Checks.answered(trial, "an answer for each", () -> a.store().append(entries));

            trial.equal("the number of answers is", entries.size(), answers.size());
            for (int i = 0; i < answers.size(); i++) {
                members.get(i).check(trial, answers.get(i));
            }
            for (Instance who : round == 0 ? trial.sameOtherReopened(a) : List.of(a)) {
                members.forEach(member -> member.checkRun(trial, who));
            }
        }
        LockBounds.stuck(trial);
        LockBounds.opposite(trial);
    }

    @Clause(
            id = "BATCH-02",
            must = "Two commits of one run in one list MUST be refused before any I/O",
            why = "the second commit is written although the first one was refused",
            usualFix = "look for equal run ids first, before anything is sent")
    default void batch_02_twoOfOneRunAreRefused(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease r = a.create("r").lease();
        Lease other = a.create("other").lease();
        Seen before = b.read("r");
        Seen untouched = b.read("other");
        Entry one = Requests.step(r, 1, "one");
        Entry single = Requests.step(other, 1, "single");
        Lease elsewhere = new Lease("r", Incarnation.random(), LeaseId.random(), r.token());
        List<List<Entry>> lists = List.of(
                List.of(one, Requests.step(r, 2, "two")),
                List.of(one, one),
                List.of(Requests.step(r, 2, "two"), one),
                List.of(single, one, Requests.step(r, 1, "another")),
                List.of(one, single, Requests.step(r, 2, "two")),
                List.of(one, single, Requests.step(elsewhere, 1, "of another incarnation")));

        for (List<Entry> list : lists) {
            trial.throwing(
                    IllegalArgumentException.class,
                    "a list with two commits of one run is refused",
                    () -> a.store().append(list));
            Answers.unchanged(trial, before, b);
            Answers.unchanged(trial, untouched, b);
        }

        trial.equal(
                "each alone is",
                List.of(new Appended.Written(), new Appended.Written()),
                a.store().append(List.of(one, single)));
    }

    @Clause(
            id = "BATCH-03",
            must =
                    "A list cut at any request MUST leave each commit whole or absent, and repeating the list MUST apply each"
                            + " exactly once at its own place",
            why = "after a lost reply some of the steps are missing, or are there twice",
            usualFix = "let the place decide for each entry; a repeat is answered with what stands there")
    default void batch_03_repeatedListAppliesOnce(Trial trial) {
        Instance a = trial.open("A");
        int runs = 12;
        List<Lease> leases = IntStream.range(0, runs)
                .mapToObj(i -> a.create("r" + i))
                .map(Granted::lease)
                .toList();
        for (int cut = 0; cut <= runs; cut += 3) {
            long place = 1L + cut / 3;
            List<Entry> list = new ArrayList<>();
            for (Lease lease : leases) {
                Bytes body = Bytes.utf8(lease.runId() + " at " + place + " "
                        + "x".repeat(trial.random().nextInt(2_000)));
                list.add(Requests.entry(lease, place, EntryKind.PLAIN, body));
            }
            List<Entry> sent = new ArrayList<>(list);
            Collections.shuffle(sent, trial.random());
            a.store().append(sent.subList(0, cut));
            repeated(trial, a, list, sent.subList(0, cut));
        }
        for (Lease lease : leases) {
            trial.equal("the entries are", runs / 3 + 2L, (long)
                    a.entries(lease.runId()).size());
        }
        CrashPoints.cut(trial, StoreOperations.batch());
    }

    private static void repeated(Trial trial, Instance a, List<Entry> list, List<Entry> there) {
        for (Instance who : trial.sameOtherReopened(a)) {
            List<Appended> answers = who.store().append(list);
            trial.equal("the number of answers is", list.size(), answers.size());
            for (int i = 0; i < list.size(); i++) {
                Entry entry = list.get(i);
                boolean before = who != a || there.contains(entry);
                trial.equal(
                        "an entry that " + (before ? "stands there" : "was not sent") + " is",
                        before ? new Appended.Taken(entry) : new Appended.Written(),
                        answers.get(i));
                List<Entry> entries = who.entries(entry.lease().runId());
                trial.equal("the number of entries is", entry.place() + 1, (long) entries.size());
                trial.equal("the last entry is", entry, entries.get((int) entry.place()));
            }
        }
    }
}
