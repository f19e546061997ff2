// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** RET: retention by purge. */
interface RetClauses extends KitClauses {
    @Clause(
            id = "RET-01",
            must = "A purged run MUST be gone on every path (load, list, lease, signal), all its parts together",
            why = "what had to be removed is still read, or comes back in a new run of the same id",
            usualFix = "remove entries, messages and labels with the head; begin a new run with an empty inbox")
    default void ret_01_purgedRunIsGone(Trial trial) {
        Instance a = trial.open("A");
        a.createFree("open");
        Labels gold = Labels.of(Map.of("tier", "gold"));
        Lease lease = a.create("r", Requests.newRun(Requests.WORKFLOW, gold, RunStatus.READY))
                .lease();
        a.steps(lease, 1, 2);
        a.signal("r", Requests.message("m", "go"));
        Instance.done(a.end(lease, 3, RunStatus.COMPLETED));
        Seen open = a.read("open");
        Gone gone = Gone.soon(a, "r");

        Purge.Purged purged = a.purge(Duration.ZERO, 100);

        trial.equal("purged are", new Purge.Purged(1, false), purged);
        Answers.unchanged(trial, open, a);
        for (Instance who : trial.sameOtherReopened(a)) {
            gone.check(trial, who);
            trial.equal("listed by label:", List.of(), who.listed(RunQuery.all().label("tier", "gold")));
            Instance.granted(who.acquire(
                    "open", Condition.open().over(Condition.Over.LIVE).build()));
        }
        a.create("r");
        Seen anew = a.read("r");
        trial.equal("entries of the run created anew:", 1L, anew.length());
        trial.equal("its inbox:", List.of(), anew.messages());
        trial.equal("its signals:", 0L, anew.head().signals());
        trial.equal("its labels:", Labels.NONE, anew.head().labels());
    }

    @Clause(
            id = "RET-02",
            must = "A purge MUST remove nothing younger than asked, by the store's clock",
            why = "runs are removed that people still need, and nothing brings them back",
            usualFix = "compare changed-at, which a settle moves, with the store's own now")
    default void ret_02_removesNothingYounger(Trial trial) {
        Instance a = trial.open("A");
        Duration age = Duration.ofMillis(40);
        Lease longLived = a.create("long-lived").lease();
        List<Head> ended = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            a.createEnded(id, RunStatus.COMPLETED);
            ended.add(a.head(id));
            trial.pass(Duration.ofMillis(20));
        }
        Instance.done(a.end(longLived, 1, RunStatus.FAILED));
        ended.add(a.head("long-lived"));

        RunPage page = a.store().list(Purge.old(age).limit(1000).build());
        Instant oldest = page.storeTime().minus(age);
        List<String> expected = ended.stream()
                .filter(head -> !head.changed().isAfter(oldest))
                .sorted(Listings.ORDER)
                .map(Head::runId)
                .toList();
        trial.equal("unchanged for " + age + " are", expected, Listings.ids(page.runs()));
        a.purge(age, 100);
        Instant latest = a.store().list(RunQuery.all().build()).storeTime().minus(age);

        for (Head head : ended) {
            boolean isGone = a.find(head.runId()).isEmpty();
            trial.that(
                    isGone ? !head.changed().isAfter(latest) : !expected.contains(head.runId()),
                    "runs that ended " + age + " ago or longer to go, and no other",
                    head);
        }
        a.createEnded("young", RunStatus.COMPLETED);
        trial.equal(
                "purged of those of an hour ago are", new Purge.Purged(0, false), a.purge(Duration.ofHours(1), 100));
        trial.that(a.find("young").isPresent(), "the young run to be there", "no run");
        a.delete("young");
        SkewParts.purges(trial);
    }

    @Clause(
            id = "RET-03",
            must =
                    "Zero, negative and huge ages MUST be refused or mean what they say, never overflow into \"everything\"",
            why = "a slip in a configuration empties the store",
            usualFix = "compute now less age in 64 bits, or as the database's own timestamps, and round the age up")
    default void ret_03_agesMeanWhatTheySay(Trial trial) {
        Instance a = trial.open("A");
        List.of("a", "b").forEach(id -> a.createEnded(id, RunStatus.COMPLETED));

        for (Duration age : List.of(
                Duration.ofDays(1),
                Duration.ofDays(25),
                Duration.ofDays(50),
                Duration.ofDays(366),
                Duration.ofDays(24_856),
                Duration.ofDays(36_500))) {
            trial.equal("unchanged for " + age + " are", List.of(), a.listed(Purge.old(age)));
            trial.equal("purged are", new Purge.Purged(0, false), a.purge(age, 100));
        }
        for (Duration age : List.of(
                Duration.ofNanos(-1),
                Duration.ofDays(-1),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofDays(36_501),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            trial.throwing(
                    IllegalArgumentException.class, "an age of " + age + " to be refused", () -> a.purge(age, 100));
        }
        trial.equal(
                "left are",
                List.of("a", "b"),
                Listings.ids(a.listed(RunQuery.all())).stream().sorted().toList());
        trial.pass(Duration.ofMillis(2));
        Duration least = Duration.ofNanos(1);
        trial.equal(
                "unchanged for " + least + " are", 2, a.listed(Purge.old(least)).size());
        trial.equal("purged at age zero are", new Purge.Purged(2, false), a.purge(Duration.ZERO, 100));
    }

    @Clause(
            id = "RET-04",
            must = "A purge of n MUST remove at most n of those old enough, and say whether more remain",
            why = "a purge that was meant to be small locks the store for minutes, or one that is not finished stops",
            usualFix = "filter before the page is cut, hand out a token while more match, erase only what is listed")
    default void ret_04_removesAtMostSoMany(Trial trial) {
        Instance a = trial.open("A");
        List<String> ended = List.of("e0", "e1", "e2", "e3", "e4");
        ended.forEach(id -> a.createEnded(id, RunStatus.CANCELLED));
        List<String> open = List.of("o0", "o1", "o2");
        open.forEach(a::createFree);

        for (Purge.Purged expected :
                List.of(new Purge.Purged(2, true), new Purge.Purged(2, true), new Purge.Purged(1, false))) {
            int before = a.listed(RunQuery.all()).size();
            trial.equal("a purge of 2 says", expected, a.purge(Duration.ZERO, 2));
            int after = a.listed(RunQuery.all()).size();
            trial.equal("and removes", expected.count(), before - after);
        }
        trial.equal("a purge of nothing says", new Purge.Purged(0, false), a.purge(Duration.ZERO, 2));
        trial.equal(
                "left are",
                open,
                Listings.ids(a.listed(RunQuery.all())).stream().sorted().toList());
        ended.subList(0, 2).forEach(id -> a.createEnded(id, RunStatus.FAILED));
        trial.equal("a purge of 2, of 2 runs, says", new Purge.Purged(2, false), a.purge(Duration.ZERO, 2));
    }

    @Clause(
            id = "RET-05",
            must =
                    "A purge MUST NOT remove a run that is not terminal or is being reopened, at any interleaving with its"
                            + " holder",
            why = "a run that somebody has just reopened vanishes while it is worked on",
            usualFix =
                    "erase an ended run only while status, token and changed-at are as they were listed, in one request")
    default void ret_05_reopenedRunIsKept(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        for (int so = 0; so <= 4; so++) {
            String id = "f" + so;
            a.createEnded(id, RunStatus.FAILED);
            Erase listed = Purge.ended(b.head(id));
            reopen(a, id, so);
            Seen before = a.read(id);

            List<Erased> answer = b.store().erase(List.of(listed));

            trial.equal("reopened in " + so + " requests it is", so == 0 ? Erased.ERASED : Erased.KEPT, answer.get(0));
            if (so == 0) {
                trial.equal("the run is", Optional.empty(), b.find(id).map(Seen::head));
            } else {
                Answers.unchanged(trial, before, b);
            }
        }
        notTerminal(trial, a, b);
        for (int round = 0; round < 3; round++) {
            String id = "raced" + round;
            a.createEnded(id, RunStatus.FAILED);
            Erase listed = Purge.ended(b.head(id));
            Callable<Object> reopen = () -> a.acquire(id, Condition.failed().build());
            Callable<Object> erase = () -> b.store().erase(List.of(listed)).get(0);
            List<Object> answers = trial.atOnce(List.of(reopen, erase));
            boolean reopened = answers.get(0) instanceof Granted;
            trial.equal("the purge says", reopened ? Erased.KEPT : Erased.ERASED, answers.get(1));
            trial.equal(
                    "steps and ends of a reopened run, and of no other, are there:",
                    reopened ? Optional.of(1L) : Optional.empty(),
                    b.find(id).map(seen -> seen.revision().count()));
        }
        RemovalRaces.reopened(trial);
    }

    /** The first so many requests of who reopens a failed run and ends it again. */
    private static void reopen(Instance on, String id, int requests) {
        if (requests == 0) {
            return;
        }
        Condition condition = (requests == 4 ? Condition.openOrEnded() : Condition.failed()).build();
        Lease lease = Instance.granted(on.acquire(id, condition)).lease();
        if (requests == 2 || requests == 3) {
            on.steps(lease, 3, 1);
        }
        if (requests == 3) {
            Instance.done(on.end(lease, 4, RunStatus.FAILED));
        }
    }

    private static void notTerminal(Trial trial, Instance a, Instance b) {
        a.create("running");
        a.createFree("ready");
        Instance.done(a.suspend(a.create("suspended").lease(), 1, Optional.empty(), 0, "go"));
        Lease blocked = a.create("blocked").lease();
        Instance.done(a.store()
                .settle(Settle.of(
                        blocked, HeadChange.blocked("why", Due.never()).build())));
        a.create("arriving", Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING));
        for (String id : List.of("running", "ready", "suspended", "blocked", "arriving")) {
            Seen before = a.read(id);
            List<Erased> answer = b.store().erase(List.of(Purge.ended(b.head(id))));
            trial.equal("an erase of a run that is " + id + " is answered", List.of(Erased.KEPT), answer);
            Answers.unchanged(trial, before, b);
        }
        Acquired after = a.acquire("ready");
        trial.that(!(after instanceof Refused), "the ready run to be there", after);
    }
}
