// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** LEASE: deadlines, and what outlives them. */
interface LeaseTimeClauses extends KitClauses {
    @Clause(
            id = "LEASE-04",
            must = "A lease MUST NOT be granted to another before its deadline by the store's clock (CLOCK-01 and an"
                    + " asked-for supersede excepted), and MUST be grantable within the declared slack after it",
            why = "a run is taken from a worker that is well, or stays with one that died",
            usualFix = "compare the deadline with the store's own clock, in the request that takes the lease")
    default void lease_04_deadlineIsKept(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        a.create("held");
        Seen before = a.read("held");
        Refused refused = Answers.refused(trial, Reason.HELD, b.acquire("held"));
        Duration left = refused.timeLeft();
        trial.that(
                !left.isZero() && !left.isNegative() && left.compareTo(Requests.LASTING) <= 0,
                "time left of " + Requests.LASTING,
                left);
        trial.equal("a claim gets", List.of(), b.claim(10));
        Answers.unchanged(trial, before, b);

        Duration ttl = Duration.ofMillis(200);
        Acquire brief = Requests.acquire("r", new Acquire.Create(Requests.newRun()), ttl);
        Instance.granted(a.store().acquire(brief));
        Instant deadline = a.head("r").lease().orElseThrow().deadline();
        if (trial.harness().clock().isPresent()) {
            trial.pass(ttl.minusMillis(1));
            Answers.refused(trial, Reason.HELD, b.acquire("r"));
            trial.pass(Duration.ofMillis(1));
        }
        Acquired answer;
        boolean passed;
        do {
            passed = !b.now().isBefore(deadline);
            answer = b.acquire("r");
            if (answer instanceof Refused && !passed) {
                trial.pass(Duration.ofMillis(10));
            }
        } while (answer instanceof Refused && !passed);
        Granted granted = Answers.granted(trial, "the run, behind the deadline", answer);
        Instant when = granted.page().storeTime();
        trial.that(!when.isBefore(deadline), "a grant at or after " + deadline, when);
        LockBounds.taken(trial);
    }

    @Clause(
            id = "LEASE-11",
            must = "Clocks of client processes wrong by ±1 h MUST NOT change who may hold a lease or when (an embedded"
                    + " store's clock is its host's)",
            why = "a machine with a wrong clock takes runs from workers that are well",
            usualFix = "compute and compare deadlines with the store's clock, inside the store")
    default void lease_11_deadlinesAreTheStores(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease created = isOfTheStore(trial, a, b, () -> a.create("r").lease());
        isOfTheStore(trial, a, b, () -> {
            a.renew(created, Requests.LASTING);
            return created;
        });
        isOfTheStore(trial, b, a, () -> b.supersede("r").lease());
        Head held = b.head("r");
        b.free(held.standing().orElseThrow());
        Lease taken = isOfTheStore(trial, b, a, () -> b.take("r").lease());
        b.free(taken);
        isOfTheStore(trial, a, b, () -> a.claim(1).get(0).lease());
        SkewParts.leases(trial);
    }

    private static Lease isOfTheStore(Trial trial, Instance holder, Instance other, Supplier<Lease> does) {
        Instant before = other.now();
        Lease lease = does.get();
        Instant after = other.now();
        LeaseTerm term = holder.head("r").lease().orElseThrow();
        trial.that(
                !term.deadline().isBefore(before.plus(Requests.LASTING))
                        && !term.deadline().isAfter(after.plus(Requests.LASTING)),
                "a deadline " + Requests.LASTING + " after the store's " + before,
                term.deadline());
        Answers.refused(trial, Reason.HELD, other.acquire("r"));
        return lease;
    }

    @Clause(
            id = "LEASE-12",
            must = "Leases MUST survive reopen and server restart, be independent per key (also under hash collision of"
                    + " advisory keys), and become grantable after the holder's process is killed, without repair",
            why = "a restart frees every run under its worker, or one run holds up another",
            usualFix = "keep the lease in the head of the run, not in the session or in a lock by hash")
    default void lease_12_leasesOutliveTheirStore(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        Head before = b.head("r");
        Instance reopened = a.reopen();
        trial.equal("after a reopen the head is", before, reopened.head("r"));
        Answers.refused(trial, Reason.HELD, b.acquire("r"));
        trial.is(Appended.Written.class, "written", reopened.step(lease, 1, "one"));
        trial.is(Renewed.Held.class, "held", reopened.renew(lease, Requests.LASTING));

        List<String> runs = new ArrayList<>(List.of("Aa", "BB", "AaAa", "BBBB", "AaBB", "r1", "R1", "r 1"));
        IntStream.range(0, 24).forEach(i -> runs.add("run-" + i));
        List<Lease> leases = new ArrayList<>();
        for (String run : runs) {
            Acquire create = Requests.acquire(run, new Acquire.Create(Requests.newRun()));
            leases.add(Answers.granted(trial, "run " + run, b.store().acquire(create))
                    .lease());
        }
        b.free(leases.get(0));
        for (int i = 1; i < runs.size(); i++) {
            trial.that(b.head(runs.get(i)).isHeldBy(leases.get(i)), "run " + runs.get(i) + " held", "free");
        }
        Instance elsewhere = trial.open(
                "elsewhere", trial.options().namespace(Storages.freshName()).build());
        Acquire same = Requests.acquire("r", new Acquire.Create(Requests.newRun()));
        Answers.granted(
                trial, "the same id in another namespace", elsewhere.store().acquire(same));
        Restarts.leasesStay(trial);
        ChildParts.killedHolder(trial);
    }
}
