// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** LEASE: who gets a lease, and that it is one. */
interface LeaseClauses extends KitClauses {
    @Clause(
            id = "LEASE-01",
            must = "Of N simultaneous acquirers of a free lease exactly one MUST win, for independent instances and at"
                    + " every preemption point",
            why = "two workers run the same steps beside each other",
            usualFix = "look whether the lease is free and take it in one atomic request")
    default void lease_01_oneTakesFreeRun(Trial trial) {
        List<Instance> parties = Race.parties(trial, 4);
        for (String run : List.of("r1", "r2", "r3")) {
            parties.get(0).createFree(run);
            oneTakes(trial, parties, run);
        }
        LeaseRaces.free(trial);
    }

    @Clause(
            id = "LEASE-02",
            must = "Of N simultaneous acquirers of a lease that exists but has expired exactly one MUST win",
            why = "after a crash two workers take the run over and both go on",
            usualFix = "the atomic request that takes a free run takes an abandoned one too; no read, then update")
    default void lease_02_oneTakesAbandonedRun(Trial trial) {
        List<Instance> parties = Race.parties(trial, 4);
        for (String run : List.of("r1", "r2", "r3")) {
            Instance a = parties.get(0);
            a.expire(a.create(run).lease());
            oneTakes(trial, parties, run);
        }
        LeaseRaces.expired(trial);
        LockRaces.expired(trial);
    }

    private static void oneTakes(Trial trial, List<Instance> parties, String run) {
        List<Acquired> answers = Race.acquire(
                trial, parties, run, () -> new Acquire.Take(Condition.open().build()));
        Instance reader = parties.get(1);
        Lease winner =
                Race.oneWinner(trial, answers, Set.of(Reason.HELD), reader).lease();
        long counting = reader.read(run).entries().stream()
                .filter(entry -> entry.kind().isGrant())
                .filter(entry -> entry.lease().token() <= winner.token())
                .count();
        trial.equal("grants in the journal:", 2L, counting);
    }

    @Clause(
            id = "LEASE-03",
            must = "A grant that counts MUST have a token above all earlier ones of that run, across release, expiry,"
                    + " reopen, restore, restart and re-creation, up to the declared tier; lease ids MUST never repeat",
            why = "an external system that compares fencing tokens lets the older worker through",
            usualFix = "keep the highest token in the head, also of a deleted run, and give out one more")
    default void lease_03_tokensRise(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        List<Lease> leases = new ArrayList<>();
        rises(trial, a, leases, a.create("r").lease());
        a.free(leases.get(0));
        rises(trial, b, leases, b.take("r").lease());
        b.expire(leases.get(1));
        rises(trial, a, leases, a.take("r").lease());
        rises(trial, b, leases, b.supersede("r").lease());
        b.free(leases.get(3));
        Instance reopened = a.reopen();
        rises(trial, reopened, leases, reopened.take("r").lease());
        reopened.free(leases.get(4));
        rises(trial, b, leases, b.claim(1).get(0).lease());
        Instance.done(b.end(leases.get(5), b.read("r").length(), RunStatus.FAILED));
        Condition failed = Condition.failed().build();
        rises(trial, b, leases, Instance.granted(b.acquire("r", failed)).lease());
        b.free(leases.get(6));
        leaseIdsNeverRepeat(trial, b, leases);
        Instance.done(b.restore("r", b.revision("r"), "restored"));
        rises(trial, b, leases, b.take("r").lease());
        b.free(leases.get(7));
        for (int i = 8; i < 10; i++) {
            b.delete("r");
            rises(trial, b, leases, b.create("r").lease());
            b.free(leases.get(i));
        }
        Restarts.tokensRise(trial);
        ChildParts.tokensRise(trial);
    }

    private static void rises(Trial trial, Instance holder, List<Lease> leases, Lease next) {
        long highest = leases.stream().mapToLong(Lease::token).max().orElse(0);
        trial.that(next.token() > highest, "a token above " + highest, next.token());
        Seen seen = holder.read("r");
        trial.that(seen.head().isHeldBy(next), "a head with the token " + next.token(), seen.head());
        trial.that(seen.fold().isHeldBy(next), "a grant that counts, token " + next.token(), seen.entries());
        leases.add(next);
    }

    private static void leaseIdsNeverRepeat(Trial trial, Instance who, List<Lease> leases) {
        Seen before = who.read("r");
        for (Lease old : leases) {
            Answers.refused(trial, Reason.HELD, takeAs(who, "r", old.id()));
            Answers.unchanged(trial, before, who);
        }
    }

    private static Acquired takeAs(Instance who, String runId, LeaseId id) {
        Acquire.Take open = new Acquire.Take(Condition.open().build());
        return who.store().acquire(new Acquire(runId, id, Requests.LASTING, open, Requests.grant()));
    }

    @Clause(
            id = "LEASE-14",
            must = "acquire and claim repeated while that lease stands MUST return the same grants, no further run, and"
                    + " the time left; after it ended they MUST be refused",
            why = "a worker whose reply was lost counts its lease from the repeat, and runs past the deadline",
            usualFix = "where the lease id stands in the head, answer with what stands; write nothing")
    default void lease_14_repeatedRequestGetsTheSameGrant(Trial trial) {
        Instance a = trial.open("A");
        Acquire create = Requests.acquire("r", new Acquire.Create(Requests.newRun()));
        Lease first = repeats(trial, a, create);
        a.free(first);
        Answers.refused(trial, Reason.EXISTS, a.store().acquire(create));
        endedStaysEnded(trial, a, first.id());
        Acquire take = Requests.acquire("r", new Acquire.Take(Condition.open().build()));
        Lease second = repeats(trial, a, take);
        a.expire(second);
        Lease third = a.take("r").lease();
        endedStaysEnded(trial, a, second.id());
        a.free(third);
        endedStaysEnded(trial, a, second.id());
        Acquire.Target either =
                new Acquire.CreateOrTake(Requests.newRun(), Condition.open().build());
        repeats(trial, a, Requests.acquire("r", either));
        claimRepeats(trial, a);
        LeaseRaces.copies(trial);
    }

    /** The same request three times more, a little later, from elsewhere too. */
    private static Lease repeats(Trial trial, Instance a, Acquire request) {
        Granted first = Instance.granted(a.store().acquire(request));
        Seen before = a.read(request.runId());
        trial.pass(Duration.ofMillis(20));
        Duration atMost = Requests.LASTING.minusMillis(10);
        for (Instance who : trial.sameOtherReopened(a)) {
            Granted again = Answers.granted(trial, "granted again", who.store().acquire(request));
            trial.equal("the lease is the same,", first.lease(), again.lease());
            trial.that(again.timeLeft().compareTo(atMost) <= 0, "the time left, at most " + atMost, again.timeLeft());
            trial.equal(
                    "what is handed over is the same:",
                    before.entries(),
                    again.page().entries());
        }
        Answers.unchanged(trial, before, a);
        return first.lease();
    }

    private static void endedStaysEnded(Trial trial, Instance a, LeaseId id) {
        Seen before = a.read("r");
        Answers.refused(trial, Reason.HELD, takeAs(a, "r", id));
        trial.equal("the entries are still", before.entries(), a.read("r").entries());
    }

    private static void claimRepeats(Trial trial, Instance a) {
        List.of("c1", "c2", "c3").forEach(a::createFree);
        Claim claim = Requests.claim(2);
        List<Granted> first = a.store().claim(claim);
        trial.equal("runs that are claimed:", 2, first.size());
        trial.pass(Duration.ofMillis(20));
        Duration atMost = Requests.LASTING.minusMillis(10);
        for (Instance who : trial.sameOtherReopened(a)) {
            List<Granted> again = who.store().claim(claim);
            trial.equal("the claim gets again", leases(first), leases(again));
            for (Granted granted : again) {
                trial.that(
                        granted.timeLeft().compareTo(atMost) <= 0,
                        "the time left, at most " + atMost,
                        granted.timeLeft());
            }
        }
        List<Granted> rest = a.claim(3);
        trial.equal("runs that are left for others:", 1, rest.size());
        a.free(first.get(0).lease());
        List<Granted> standing = a.store().claim(claim);
        trial.equal("the claim gets what stands of it,", leases(first.subList(1, 2)), leases(standing));
        a.free(first.get(1).lease());
        trial.equal(
                "after its leases ended the claim gets", List.of(), a.store().claim(claim));
        for (Granted granted : first) {
            Seen seen = a.read(granted.lease().runId());
            trial.equal("grants in the journal:", 2L, seen.length());
        }
    }

    private static List<Lease> leases(List<Granted> granted) {
        return granted.stream()
                .map(Granted::lease)
                .sorted(Comparator.comparing(Lease::runId))
                .toList();
    }
}
