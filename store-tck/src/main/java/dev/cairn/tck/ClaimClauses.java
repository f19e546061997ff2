// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** CLAIM: recovery by another worker. */
interface ClaimClauses extends KitClauses {
    @Clause(
            id = "CLAIM-01",
            must =
                    "A run whose lease has expired MUST be claimable by any other worker, with every counting entry; attempts"
                            + " without progress are the grants since the last step, failure or suspension",
            why = "the runs of a process that died stay where they are",
            usualFix = "index heads by the deadline of their lease as well as by their due time")
    default void claim_01_abandonedRunIsClaimed(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 3);
        for (int attempt = 1; attempt <= 3; attempt++) {
            (attempt == 1 ? a : b).expire(lease);
            List<Granted> claimed = (attempt == 2 ? a : b).claim(10);
            trial.equal("the runs that are claimed are", List.of("r"), runs(claimed));
            Seen handed = handed(claimed.get(0));
            trial.equal("the steps handed over are", List.of("step-1", "step-2", "step-3"), handed.texts());
            trial.equal("grants without progress:", (long) attempt, grantsBehind(handed));
            Entry late = Requests.step(lease, handed.length() - 1, "late");
            Answers.notAcknowledged(trial, late, a.append(late));
            lease = claimed.get(0).lease();
        }
        b.step(lease, b.read("r").length(), "step-4");
        b.expire(lease);
        trial.equal(
                "grants without progress:", 1L, grantsBehind(handed(a.claim(1).get(0))));

        Duration ttl = Duration.ofMillis(100);
        Acquire brief = Requests.acquire("brief", new Acquire.Create(Requests.newRun()), ttl);
        Instance.granted(a.store().acquire(brief));
        Instant deadline = a.head("brief").lease().orElseThrow().deadline();
        while (b.now().isBefore(deadline)) {
            trial.pass(Duration.ofMillis(20));
        }
        trial.equal("the runs that are claimed are", List.of("brief"), runs(b.claim(10)));
        ChildParts.claimedFromTheDead(trial);
    }

    private static List<String> runs(List<Granted> claimed) {
        return claimed.stream().map(granted -> granted.lease().runId()).toList();
    }

    private static Seen handed(Granted granted) {
        return Seen.of(granted.page());
    }

    private static long grantsBehind(Seen seen) {
        Entry last = seen.counting().get(seen.counting().size() - 1);
        return seen.entries().stream()
                .filter(entry -> entry.place() > last.place() && entry.kind().isGrant())
                .count();
    }

    @Clause(
            id = "CLAIM-02",
            must = "Of N simultaneous claimers each due run MUST go to exactly one",
            why = "two workers pick the same run up and both run it",
            usualFix = "look for due runs and take their leases in one atomic request, or take each by an own one")
    default void claim_02_eachRunGoesToOne(Trial trial) {
        List<Instance> parties = Race.parties(trial, 4);
        List<String> due = IntStream.range(10, 22).mapToObj(i -> "r" + i).toList();
        due.forEach(parties.get(0)::createFree);
        List<Callable<List<Granted>>> claimers = new ArrayList<>();
        parties.forEach(who -> claimers.add(() -> who.claim(5)));

        List<Granted> claimed = new ArrayList<>();
        trial.atOnce(claimers).forEach(claimed::addAll);
        for (List<Granted> more = parties.get(1).claim(100);
                !more.isEmpty();
                more = parties.get(1).claim(100)) {
            claimed.addAll(more);
        }

        trial.equal(
                "the runs that were claimed are",
                due,
                runs(claimed).stream().sorted().toList());
        for (Granted granted : claimed) {
            Seen seen = parties.get(0).read(granted.lease().runId());
            trial.that(seen.head().isHeldBy(granted.lease()), "a head with the lease of the claimer", seen.head());
            trial.that(seen.fold().isHeldBy(granted.lease()), "a grant that counts", seen.entries());
        }
        RemovalRaces.claimers(trial);
    }

    @Clause(
            id = "CLAIM-03",
            must =
                    "No due run may be passed over by more than the declared number of later-due runs (0 on one partition"
                            + " without contention), plus the declared staleness of its index",
            why = "under load the oldest runs wait for ever",
            usualFix = "order by due time in the request that claims, before the limit")
    default void claim_03_longestDueComesFirst(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Map<String, Instant> due = dueRuns(trial, a);
        Map<String, Integer> passed = new HashMap<>();
        int most = trial.facts().limits().passedOver();
        while (!due.isEmpty()) {
            List<Granted> claimed = b.claim(1 + trial.random().nextInt(4));
            trial.that(!claimed.isEmpty(), due.size() + " due runs, one of them at least", claimed);
            Map<String, Instant> got = new HashMap<>();
            runs(claimed).forEach(run -> got.put(run, due.remove(run)));
            due.forEach((run, since) -> {
                int later = (int) got.values().stream().filter(since::isBefore).count();
                passed.merge(run, later, Integer::sum);
            });
            int worst = passed.values().stream().mapToInt(i -> i).max().orElse(0);
            trial.that(worst <= most, "no run passed over by more than " + most, worst);
        }
    }

    /** Runs that are due since random times, two of them abandoned. */
    private static Map<String, Instant> dueRuns(Trial trial, Instance a) {
        Instant now = a.now();
        List<Integer> ages = new ArrayList<>(IntStream.range(1, 13).boxed().toList());
        Collections.shuffle(ages, trial.random());
        Map<String, Instant> due = new HashMap<>();
        for (int i = 0; i < ages.size(); i++) {
            String run = "r" + i;
            Instant since = now.minusSeconds(ages.get(i));
            Lease lease = a.create(run).lease();
            Instance.done(a.store()
                    .settle(Settle.of(lease, HeadChange.ready(Due.at(since)).build())));
            due.put(run, since);
        }
        for (String run : List.of("abandoned", "0 abandoned")) {
            a.expire(a.create(run).lease());
            due.put(run, a.head(run).lease().orElseThrow().deadline());
        }
        return due;
    }

    @Clause(
            id = "CLAIM-04",
            must =
                    "What a claim hands over MUST contain every step acknowledged before it, and no step of an older lease may"
                            + " count afterwards",
            why = "a recorded step is run again by the worker that takes over",
            usualFix = "write the grant before the journal is read")
    default void claim_04_handsOverEveryStep(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease first = a.create("r").lease();
        a.steps(first, 1, 4);
        a.expire(first);
        List<Granted> claimed = b.claim(1);
        trial.equal("the runs that are claimed are", List.of("r"), runs(claimed));
        trial.equal(
                "the steps handed over are",
                a.read("r").texts(),
                handed(claimed.get(0)).texts());
        trial.equal("steps handed over:", 4, handed(claimed.get(0)).texts().size());
        noStepCounts(trial, a, first, 5);
        for (int round = 0; round < 6; round++) {
            String run = "race" + round;
            Lease late = a.create(run).lease();
            a.steps(late, 1, 1);
            a.expire(late);
            List<Callable<Object>> both = List.of(() -> a.step(late, 2, "step-2"), () -> b.claim(1));
            List<Object> answers = trial.atOnce(both);
            List<?> got = (List<?>) answers.get(1);
            trial.equal("runs that are claimed:", 1, got.size());
            Seen handed = handed((Granted) got.get(0));
            boolean written = answers.get(0) instanceof Appended.Written;
            trial.equal(
                    "the steps handed over are",
                    written ? List.of("step-1", "step-2") : List.of("step-1"),
                    handed.texts());
            noStepCounts(trial, a, late, handed.length() - 1);
        }
        LeaseRaces.heldClaimer(trial);
        LockRaces.claims(trial);
    }

    /** The old holder goes on where its replacement's grant stands, and behind it. */
    private static void noStepCounts(Trial trial, Instance a, Lease old, long place) {
        List<Entry> before = a.read(old.runId()).counting();
        Entry late = Requests.step(old, place, "late");
        Answers.notAcknowledged(trial, late, a.append(late));
        a.step(old, place + 1, "later");
        trial.equal("the commits are still", before, a.read(old.runId()).counting());
    }

    @Clause(
            id = "CLAIM-05",
            must =
                    "A run that is terminal, validly leased, arriving, gone, suspended and not yet due, or ended in the journal"
                            + " though not yet in the head MUST NOT be claimed (the last is settled instead)",
            why = "a run that waits for its approval goes on without it",
            usualFix = "claim open runs only; where a lease ran out on one that sleeps, its due time still holds")
    default void claim_05_othersAreLeft(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        othersThatAreLeft(a, b);
        List<Seen> before = a.store().list(RunQuery.all().build()).runs().stream()
                .map(head -> a.read(head.runId()))
                .toList();
        a.createFree("gone");
        a.delete("gone");

        trial.equal("the runs that are claimed are", List.of(), runs(b.claim(100)));

        trial.equal("runs to look at:", 15, before.size());
        before.forEach(seen -> sleepsOn(trial, seen, a.read(seen.head().runId())));
        Answers.absent(trial, "gone", b);
        a.signal("half cancelled", Requests.message("m", "approved"));
        trial.equal("the runs that are claimed are", List.of("half cancelled"), runs(b.claim(100)));
    }

    /** One run in every state that nobody may claim. */
    private static void othersThatAreLeft(Instance a, Instance b) {
        List<RunStatus> ends = List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);
        ends.forEach(status -> a.createEnded("ended " + status, status));
        for (RunStatus status : ends) {
            String run = "deleting " + status;
            a.createEnded(run, status);
            a.expire(Instance.granted(a.acquireAt(run, a.revision(run))).lease());
        }
        a.create("held");
        a.create("arriving", Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING));
        a.expire(a.create("left arriving", Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING))
                .lease());
        Optional<Instant> later = Optional.of(a.now().plus(Requests.LASTING));
        Instance.done(a.suspend(a.create("asleep").lease(), 1, Optional.empty(), 0, "approved"));
        Instance.done(a.suspend(a.create("timer").lease(), 1, later, 0));
        for (String run : List.of("half cancelled", "half cancelled timer")) {
            boolean timer = run.endsWith("timer");
            Instance.done(a.suspend(a.create(run).lease(), 1, timer ? later : Optional.empty(), 0, "approved"));
            a.expire(b.take(run).lease());
        }
        Lease retried = a.create("retried later").lease();
        Due due = Due.at(later.orElseThrow());
        Instance.done(a.store().settle(Settle.of(retried, HeadChange.ready(due).build())));
        Lease blocked = a.create("blocked").lease();
        HeadChange stays = HeadChange.blocked("no progress", Due.never()).build();
        Instance.done(a.store().settle(Settle.of(blocked, stays)));
    }

    private static void sleepsOn(Trial trial, Seen before, Seen now) {
        String run = Words.quoted(before.head().runId());
        trial.equal("the status of " + run, before.head().status(), now.head().status());
        trial.equal("the due time of " + run, before.head().due(), now.head().due());
        trial.equal("the commits of " + run, before.counting(), now.counting());
    }

    @Clause(
            id = "CLAIM-06",
            must =
                    "Only runs of the workflow names and versions asked for MUST be claimed; others stay as they are, never"
                            + " failed",
            why = "an old worker takes runs that it cannot read, and a new version never gets its own",
            usualFix = "put workflow and version into the condition that claims, before the limit")
    default void claim_06_onlyWhatIsAskedFor(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        String mine = Requests.WORKFLOW;
        List<String> workflows = List.of("aaa", mine + "-2", mine.toUpperCase(Locale.ROOT), "zzz");
        List<Seen> others = new ArrayList<>();
        for (String workflow : workflows) {
            a.free(a.create("of " + workflow, Requests.newRun(workflow, Labels.NONE, RunStatus.READY))
                    .lease());
            others.add(a.read("of " + workflow));
        }
        a.createFree("version 1");
        others.add(a.read("version 1"));
        a.createFree("version 2");
        Condition second = Condition.open().of(versions(mine, 2, 1, 2)).build();
        Lease taken = Instance.granted(a.acquire("version 2", second)).lease();
        a.free(taken);
        trial.equal("the version in the head", 2, a.head("version 2").version());

        Condition otherWorkflow = Condition.open().of(versions("zzz", 1, 1)).build();
        Answers.refused(trial, Reason.WORKFLOW, b.acquire("version 1", otherWorkflow));
        Condition otherVersion = Condition.open().of(versions(mine, 2, 2)).build();
        Answers.refused(trial, Reason.VERSION, b.acquire("version 1", otherVersion));
        trial.equal("the runs that are claimed are", List.of(), runs(b.store().claim(claim(1, versions(mine, 3, 3)))));
        List<Granted> claimed = b.store().claim(claim(1, versions(mine, 3, 2, 3)));
        trial.equal("the runs that are claimed are", List.of("version 2"), runs(claimed));
        trial.equal("the version in the head", 3, a.head("version 2").version());
        others.forEach(seen -> Answers.unchanged(trial, seen, b));

        List<Granted> both = b.store().claim(claim(10, versions(mine, 1, 1), versions("zzz", 1, 1)));
        trial.equal(
                "the runs that are claimed are",
                List.of("of zzz", "version 1"),
                runs(both).stream().sorted().toList());
    }

    private static WorkflowVersions versions(String workflow, int version, Integer... accepted) {
        return new WorkflowVersions(workflow, version, Set.of(accepted));
    }

    private static Claim claim(int limit, WorkflowVersions... workflows) {
        return new Claim(LeaseId.random(), List.of(workflows), limit, Requests.LASTING, Requests.grant());
    }
}
