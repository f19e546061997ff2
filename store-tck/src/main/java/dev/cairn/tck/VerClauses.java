// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** VER: optimistic concurrency: revisions, and what is expected of them. */
interface VerClauses extends KitClauses {
    @Clause(
            id = "VER-02",
            must = "A commit at revision (I, n) MUST make it (I, n+1); a restore MUST make a new incarnation; grants,"
                    + " renewals, repairs and refusals MUST NOT change it",
            why = "an operator's change is refused although nothing happened, or goes through over a step that did",
            usualFix = "count the entries that count and are no grants, and nothing else")
    default void ver_02_onlyCommitsCount(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease first = a.create("r").lease();
        Incarnation one = first.incarnation();
        isAt(trial, a, one, 0);
        a.step(first, 1, "one");
        isAt(trial, b, one, 1);
        a.step(first, 1, "one");
        a.step(first, 1, "other");
        a.renew(first, Requests.LASTING);
        b.acquire("r");
        a.signal("r", Requests.message("m", "approved"));
        isAt(trial, b, one, 1);
        Lease second = b.supersede("r").lease();
        isAt(trial, b, one, 1);
        a.step(first, 2, "late");
        b.step(second, 3, "two");
        isAt(trial, b, one, 2);
        countsToTheEnd(trial, a, b, second);

        Instance.done(a.restore("r", new Revision(one, 5), "s1", "s2"));

        Revision restored = b.revision("r");
        trial.that(!restored.incarnation().equals(one), "another incarnation than " + one, restored);
        trial.equal("commits in it:", 2L, restored.count());
        storeCounts(trial, b, restored);
    }

    private static void countsToTheEnd(Trial trial, Instance a, Instance b, Lease second) {
        Incarnation one = second.incarnation();
        b.suspend(second, 4, Optional.empty(), 1, "approved");
        isAt(trial, a, one, 3);
        storeCounts(trial, a, new Revision(one, 3));
        Lease third = b.take("r").lease();
        long place = b.read("r").length();
        Instance.done(b.end(third, place, RunStatus.FAILED));
        isAt(trial, a, one, 4);
        storeCounts(trial, a, new Revision(one, 4));
        Lease fourth =
                Instance.granted(a.acquire("r", Condition.failed().build())).lease();
        isAt(trial, b, one, 4);
        a.step(fourth, a.read("r").length(), "three");
        a.free(fourth);
        isAt(trial, b, one, 5);
        storeCounts(trial, a, new Revision(one, 5));
    }

    private static void isAt(Trial trial, Instance reader, Incarnation incarnation, long count) {
        trial.equal("the revision is", new Revision(incarnation, count), reader.revision("r"));
    }

    /** Of a free run: the store itself takes this revision for the run's, and no other. */
    private static void storeCounts(Trial trial, Instance who, Revision expected) {
        for (long wrong : new long[] {expected.count() - 1, expected.count() + 1}) {
            Answers.refused(trial, Reason.REVISION, who.acquireAt("r", new Revision(expected.incarnation(), wrong)));
        }
        Granted granted = Answers.granted(trial, "the run at " + expected, who.acquireAt("r", expected));
        Instance.done(
                who.store().settle(Settle.of(granted.lease(), HeadChange.freed().build())));
    }

    @Clause(
            id = "VER-03",
            must = "acquire, restore or delete with an expected revision MUST succeed only if its grant stands exactly"
                    + " behind the expected entries; else refused (REVISION) with the current one, nothing changed, also"
                    + " against a holder whose lease ran out",
            why = "an operator deletes or replaces a run that recorded a payment since it was looked at",
            usualFix = "compare the expectation with the journal in the request that writes the grant")
    default void ver_03_grantStandsBehindWhatWasExpected(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease holder = a.create("r").lease();
        a.steps(holder, 1, 2);
        Incarnation one = holder.incarnation();
        a.expire(holder);
        Seen before = a.read("r");
        for (Revision wrong : List.of(
                new Revision(one, 1),
                new Revision(one, 3),
                new Revision(one, 0),
                new Revision(Incarnation.random(), 2))) {
            for (Condition.Builder what : List.of(Condition.open(), Condition.openOrEnded())) {
                Refused refused = Answers.refused(
                        trial, Reason.REVISION, b.acquire("r", what.at(wrong).build()));
                trial.equal("the incarnation", Optional.of(one), refused.head().map(Head::incarnation));
                Answers.unchanged(trial, before, a);
            }
        }
        Granted taken = Answers.granted(trial, "the run at its revision", b.acquireAt("r", new Revision(one, 2)));
        List<Entry> handed = taken.page().entries();
        trial.equal("entries that were handed over:", before.length() + 1, (long) handed.size());
        Entry late = Requests.step(holder, 3, "late");
        Answers.notAcknowledged(trial, late, a.append(late));
        overAnEndNothingCounts(trial, a);
        for (int round = 0; round < 6; round++) {
            commitsWhileTaken(trial, "race" + round, a, b);
        }
        JournalRaces.expectation(trial);
        LockRaces.expected(trial);
    }

    private static void overAnEndNothingCounts(Trial trial, Instance a) {
        a.createEnded("ended", RunStatus.COMPLETED);
        Revision ended = a.revision("ended");
        Lease over = Answers.granted(trial, "the ended run at its revision", a.acquireAt("ended", ended))
                .lease();
        a.step(over, a.read("ended").length(), "behind the end");
        a.expire(over);
        trial.equal("the revision is still", ended, a.revision("ended"));
        Answers.granted(trial, "the ended run at its revision", a.acquireAt("ended", ended));
    }

    private static void commitsWhileTaken(Trial trial, String run, Instance a, Instance b) {
        Lease holder = a.create(run).lease();
        a.steps(holder, 1, 1);
        a.expire(holder);
        Revision expected = new Revision(holder.incarnation(), 1);
        List<Callable<Object>> both = List.of(() -> a.step(holder, 2, "late"), () -> b.acquireAt(run, expected));

        List<Object> answers = trial.atOnce(both);

        boolean written = answers.get(0) instanceof Appended.Written;
        boolean granted = answers.get(1) instanceof Granted;
        trial.that(!(written && granted), "the commit, or the lease at the revision before it", answers);
        trial.equal(
                "commits in the journal:", written ? 2L : 1L, a.revision(run).count());
    }

    @Clause(
            id = "VER-05",
            must =
                    "Over N clients that commit or restore with an expectation, the acknowledged ones MUST be exactly those"
                            + " that the journals and incarnations show",
            why = "of two operators who change a run, one is told that it worked and his change is gone",
            usualFix = "compare the expectation and write the grant in one atomic request")
    default void ver_05_acknowledgedIsWhatIsThere(Trial trial) {
        List<Instance> parties = Race.parties(trial, 4);
        Instance reader = trial.open("reader");
        reader.createFree("r");
        Set<String> acknowledged = new TreeSet<>();
        for (int round = 0; round < 3; round++) {
            Seen seen = reader.read("r");
            List<Callable<Optional<String>>> tries = new ArrayList<>();
            for (int i = 0; i < parties.size(); i++) {
                Instance who = parties.get(i);
                String text = "change-" + round + "-" + i;
                boolean restores = round > 0 && i % 2 == 0; // a restore hides what commits do to one another
                tries.add(() -> restores ? restored(who, seen, text) : committed(who, seen, text));
            }

            List<Optional<String>> done = trial.atOnce(tries);

            done.forEach(text -> text.ifPresent(acknowledged::add));
            List<String> texts = reader.read("r").texts();
            trial.equal("the changes are those acknowledged:", acknowledged, new TreeSet<>(texts));
            trial.equal("each stands there once, of", acknowledged.size(), texts.size());
            long many = done.stream().filter(Optional::isPresent).count();
            trial.that(many <= 1, "one change at most of those that expected the same", many + " acknowledged");
        }
        CutChanges.explore(trial);
        ChangeHistories.check(trial);
    }

    /** Takes the run at the revision that was seen; nothing, if it is at another. Waits while another holds it. */
    private static Optional<Granted> takenAt(Instance who, Revision expected) throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            Acquired answer = who.acquireAt("r", expected);
            if (answer instanceof Granted granted) {
                return Optional.of(granted);
            }
            if (((Refused) answer).reason() != Reason.HELD) {
                return Optional.empty();
            }
            Thread.sleep(2);
        }
        throw new IllegalStateException("the run was held for longer than its holder needs");
    }

    private static Optional<String> committed(Instance who, Seen seen, String text) throws InterruptedException {
        Granted granted = takenAt(who, seen.revision()).orElse(null);
        if (granted == null) {
            return Optional.empty();
        }
        Appended answer = who.step(granted.lease(), granted.page().entries().size(), text);
        who.release(granted.lease());
        return answer instanceof Appended.Written ? Optional.of(text) : Optional.empty();
    }

    /** Replaces the run by what was seen of it and one step more. */
    private static Optional<String> restored(Instance who, Seen seen, String text) throws InterruptedException {
        Granted granted = takenAt(who, seen.revision()).orElse(null);
        if (granted == null) {
            return Optional.empty();
        }
        Lease lease = granted.lease();
        Incarnation next = Incarnation.random();
        who.store().settle(Settle.of(lease, HeadChange.naming(next).build()));
        who.append(Requests.firstEntry(lease.over(next)));
        List<String> texts = new ArrayList<>(seen.texts());
        texts.add(text);
        for (int i = 0; i < texts.size(); i++) {
            who.step(lease.over(next), i + 1L, texts.get(i));
        }
        HeadChange change = HeadChange.ready(Due.now()).switchingTo(next, 0).build();
        boolean done = who.store().settle(Settle.of(lease, change)) instanceof Settled.Done;
        return done ? Optional.of(text) : Optional.empty();
    }
}
