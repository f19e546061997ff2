// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** LEASE: leases and fencing. */
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
            id = "LEASE-05",
            must = "Once a newer grant stands, nothing sent under an older lease MUST count or be acknowledged, by any"
                    + " write method; a late grant may only leave an entry that does not count",
            why = "a paused worker goes on beside its replacement",
            usualFix = "acquire must write its grant at the next free place before it answers")
    default void lease_05_supersededLeaseDoesNotCount(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease old = a.create("r").lease();
        a.steps(old, 1, 1);
        Lease newer = b.supersede("r").lease();
        Seen before = b.read("r");
        Entry next = Requests.step(old, 2, "late");
        for (Instance who : trial.sameOtherReopened(a)) {
            Answers.notAcknowledged(trial, next, who.append(next));
            Entry end = Requests.end(old, 2, RunStatus.COMPLETED);
            HeadChange ended = HeadChange.ended(RunStatus.COMPLETED).build();
            Answers.notDone(trial, who.store().settle(Settle.of(end, ended)));
            Answers.notDone(trial, who.release(old));
            trial.equal("its renewal is", new Renewed.Lost(), who.renew(old, Requests.LASTING));
        }
        Answers.unchanged(trial, before, b);
        b.steps(newer, 3, 1);

        // A holder stops at the grant and gets no further. What a store writes there all the same must not count.
        a.step(old, 4, "further");
        Answers.notDone(trial, a.release(old));

        Seen seen = b.read("r");
        trial.equal("the steps are", List.of("step-1", "step-3"), seen.texts());
        trial.that(seen.head().isHeldBy(newer), "the newer lease in the head", seen.head());
        b.free(newer);
        Answers.granted(
                trial,
                "the run at two commits, as the store counts them",
                b.acquireAt("r", new Revision(old.incarnation(), 2)));
    }

    @Clause(
            id = "LEASE-07",
            must =
                    "Renew, release or settle by a superseded holder MUST NOT free, extend or resurrect anything and MUST"
                            + " say so; a settle under an expired lease that still stands in the head MUST succeed or be refused"
                            + " with nothing written",
            why = "a worker that lost its run frees it under the feet of the one that has it",
            usualFix = "update the head only where it carries this lease id, this token and this incarnation")
    default void lease_07_supersededHolderChangesNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease old = a.create("r").lease();
        Lease newer = b.supersede("r").lease();
        changesNothing(trial, a, old);
        b.expire(newer);
        changesNothing(trial, a, old);
        b.free(newer);
        changesNothing(trial, a, old);
        Lease last = b.take("r").lease();
        Instance.done(b.end(last, b.read("r").length(), RunStatus.COMPLETED));
        changesNothing(trial, a, old);

        Lease late = a.create("late").lease();
        a.expire(late);
        Seen before = a.read("late");
        Settled answer = a.end(late, 1, RunStatus.COMPLETED);
        if (answer instanceof Settled.Done) {
            Seen after = b.read("late");
            trial.equal("the run is", RunStatus.COMPLETED, after.head().status());
            trial.that(after.fold().end().isPresent(), "an end in the journal", after.entries());
        } else {
            Answers.notDone(trial, answer);
            Answers.unchanged(trial, before, b);
        }
        LockRaces.superseded(trial);
    }

    private static void changesNothing(Trial trial, Instance who, Lease old) {
        Seen before = who.read("r");
        for (HeadChange change : List.of(
                HeadChange.freed().build(),
                HeadChange.ready(Due.now()).build(),
                HeadChange.suspended(Set.of("approved"), Due.never(), 0).build(),
                HeadChange.blocked("no progress", Due.never()).build(),
                HeadChange.ended(RunStatus.CANCELLED).build(),
                HeadChange.gone(0).build(),
                HeadChange.naming(Incarnation.random()).build(),
                HeadChange.expired().build())) {
            Answers.notDone(trial, who.store().settle(Settle.of(old, change)));
        }
        trial.equal("its renewal is", new Renewed.Lost(), who.renew(old, Requests.LASTING));
        Answers.unchanged(trial, before, who);
    }

    @Clause(
            id = "LEASE-08",
            must = "Ownership MUST be the lease's identity, not the worker's name: the same name taking the run again"
                    + " (before the deadline only if the request says so) gets a new lease and fences the old one",
            why = "a worker that was restarted under its name runs beside the process that it replaces",
            usualFix = "compare lease ids, never who asks")
    default void lease_08_nameOwnsNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance again = trial.open("A, restarted");
        a.createFree("r");
        Lease old = a.take("r").lease();
        Seen before = a.read("r");

        Answers.refused(trial, Reason.HELD, again.acquire("r"));
        Answers.unchanged(trial, before, a);
        Lease mine = again.supersede("r").lease();

        trial.that(!mine.id().equals(old.id()), "a new lease", mine.id());
        trial.that(mine.token() > old.token(), "a token above " + old.token(), mine.token());
        Entry late = Requests.step(old, before.length(), "late");
        Answers.notAcknowledged(trial, late, a.append(late));
        Answers.notDone(trial, a.release(old));
        trial.equal("the renewal of the old one is", new Renewed.Lost(), a.renew(old, Requests.LASTING));
        Appended step = again.step(mine, before.length() + 1, "mine");
        trial.is(Appended.Written.class, "written", step);
        trial.equal("the steps are", List.of("mine"), a.read("r").texts());
    }

    @Clause(
            id = "LEASE-09",
            must =
                    "A commit under an expired lease that nobody took over MUST be acknowledged and contained in every later"
                            + " takeover, or refused with nothing written",
            why = "a step that a slow worker was told is recorded is run a second time",
            usualFix = "read what a takeover hands over after its grant was written, not before")
    default void lease_09_lateCommitIsHandedOverOrRefused(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease holder = a.create("r").lease();
        a.expire(holder);
        boolean written = isWritten(trial, a.step(holder, 1, "late"));
        trial.equal(
                "the steps are",
                written ? List.of("late") : List.of(),
                b.read("r").texts());
        handsOver(trial, b.take("r"), written ? List.of("late") : List.of());
        for (int round = 0; round < 8; round++) {
            String run = "race" + round;
            Lease late = a.create(run).lease();
            a.expire(late);
            List<Callable<Object>> both = List.of(() -> a.step(late, 1, "late"), () -> b.acquire(run));
            List<Object> answers = trial.atOnce(both);
            Granted taken = Answers.granted(trial, "the abandoned run", (Acquired) answers.get(1));
            handsOver(trial, taken, isWritten(trial, (Appended) answers.get(0)) ? List.of("late") : List.of());
        }
        LeaseRaces.expiredHolder(trial);
    }

    private static boolean isWritten(Trial trial, Appended answer) {
        trial.that(!(answer instanceof Appended.Failed), "written or refused", answer);
        return answer instanceof Appended.Written;
    }

    /** These steps and no other are in what a takeover hands over. */
    private static void handsOver(Trial trial, Granted taken, List<String> texts) {
        List<Entry> entries = taken.page().entries();
        trial.equal(
                "the places handed over are",
                places(entries.size()),
                entries.stream().map(Entry::place).toList());
        Seen handed = Seen.of(taken.page());
        trial.equal("what the takeover hands over is", texts, handed.texts());
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

    @Clause(
            id = "LEASE-13",
            must =
                    "With the head locked, or an uncommitted entry held at the place, from outside: of a takeover and the"
                            + " old holder's commit queued in either order, the commit MUST end refused or in what the takeover"
                            + " hands over, never both or neither; commits of other runs in its batch MUST NOT wait beyond the"
                            + " declared bound",
            why = "the step that was just committing when the run was taken over is lost",
            usualFix = "lock the head in a request of its own before the one that reads and decides")
    default void lease_13_commitIsRefusedOrHandedOver(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        for (int round = 0; round < 8; round++) {
            Lease holder = a.create("r" + round).lease();
            Lease other = a.create("other" + round).lease();
            List<Entry> batch = List.of(Requests.step(holder, 1, "late"), Requests.step(other, 1, "one"));
            Condition live = Condition.open().over(Condition.Over.LIVE).build();
            Callable<Object> commits = () -> a.store().append(batch);
            Callable<Object> takes = () -> b.acquire(holder.runId(), live);

            List<Object> answers = switch (round) {
                case 0 -> inOrder(takes, commits);
                case 1 -> inOrder(commits, takes);
                default -> trial.atOnce(List.of(takes, commits));
            };

            Granted taken =
                    Answers.granted(trial, "the run, held by another", (Acquired) answers.get(round == 1 ? 1 : 0));
            List<?> told = (List<?>) answers.get(round == 1 ? 0 : 1);
            boolean written = told.get(0) instanceof Appended.Written;
            handsOver(trial, taken, written ? List.of("late") : List.of());
            trial.is(Appended.Written.class, "written: the commit of another run", told.get(1));
            trial.equal(
                    "the other run's steps are",
                    List.of("one"),
                    b.read(other.runId()).texts());
        }
        LockRaces.takeovers(trial);
        LockBounds.stuck(trial);
    }

    private static List<Object> inOrder(Callable<Object> first, Callable<Object> second) {
        try {
            return List.of(first.call(), second.call());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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

    @Clause(
            id = "LEASE-15",
            must =
                    "An acquirer held at every point, or a late copy of any of its requests, while another acquires, commits"
                            + " and releases MUST end as refused (HELD), and no entry of it MUST count",
            why = "a request that was under way for long brings a lease back that ended long ago",
            usualFix = "under a lease means lease id and token, in every update; of two grants the higher token counts")
    default void lease_15_lateCopiesDoNotCount(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        a.createFree("r");
        Acquire acquire =
                Requests.acquire("r", new Acquire.Take(Condition.open().build()));
        Lease old = Instance.granted(a.store().acquire(acquire)).lease();
        Lease newer = b.supersede("r").lease();
        Answers.refused(trial, Reason.HELD, a.store().acquire(acquire));
        Answers.refused(trial, Reason.HELD, a.acquire("r"));
        b.steps(newer, 3, 1);
        b.free(newer);
        Seen before = b.read("r");
        Entry late = Requests.step(old, 2, "late");
        for (Instance who : trial.sameOtherReopened(a)) {
            Answers.refused(trial, Reason.HELD, who.store().acquire(acquire));
            Answers.notAcknowledged(trial, late, who.append(late));
            Answers.notDone(trial, who.release(old));
            Answers.notDone(trial, who.end(old, 2, RunStatus.COMPLETED));
        }
        Answers.unchanged(trial, before, b);
        otherTokenIsAnotherLease(trial, a, b.take("r").lease());

        Seen seen = b.read("r");
        Entry grant = Entry.grant(old, seen.length(), EntryKind.GRANT, Requests.grant());
        List<Entry> landed = new ArrayList<>(seen.entries());
        landed.add(grant);
        trial.that(
                !Seen.folded(seen.head(), landed).isHeldBy(old),
                "a grant that lands late and does not count",
                "it counts");
        LeaseRaces.overtaken(trial);
    }

    /** The id that stands, with a token that does not. */
    private static void otherTokenIsAnotherLease(Trial trial, Instance who, Lease holder) {
        Seen before = who.read("r");
        for (long token : new long[] {holder.token() - 1, holder.token() + 1}) {
            Lease forged = new Lease("r", holder.incarnation(), holder.id(), token);
            Answers.notDone(trial, who.release(forged));
            trial.equal("its renewal is", new Renewed.Lost(), who.renew(forged, Requests.LASTING));
            who.step(forged, before.length(), "late");
            Seen after = who.read("r");
            trial.equal("the commits are", before.counting(), after.counting());
            trial.equal("the head is still", before.head(), after.head());
        }
    }

    @Clause(
            id = "LEASE-16",
            must = "What a grant hands over MUST run without a gap to that grant",
            why = "a worker that resumes runs a step again that stands in the part it was not given",
            usualFix = "write the grant, then read from place 0; say where the next page begins")
    default void lease_16_handsOverWithoutGap(Trial trial) {
        StoreOptions small = trial.options().pageBytes(1024).build();
        Instance a = trial.open("A", small);
        Instance b = trial.open("B", small);
        Lease first = a.create("r").lease();
        for (int place = 1; place <= 20; place++) {
            a.step(first, place, "x".repeat(trial.random().nextInt(200)));
        }
        List<Lease> before = new ArrayList<>(List.of(first));
        for (boolean claims : new boolean[] {false, true, false}) {
            a.expire(before.get(before.size() - 1));
            Granted granted = claims ? b.claim(1).get(0) : b.take("r");
            before.add(granted.lease());
            List<Entry> handed = handedOver(b.store(), granted.page());
            trial.equal(
                    "the places handed over are",
                    places(handed.size()),
                    handed.stream().map(Entry::place).toList());
            List<Lease> grants = handed.stream()
                    .filter(entry -> entry.kind().isGrant())
                    .map(Entry::lease)
                    .toList();
            trial.equal("the grants in them are", before, grants);
            trial.that(
                    granted.page().head().isHeldBy(granted.lease()),
                    "a head with the lease",
                    granted.page().head());
            trial.equal("entries up to the grant:", 20L + before.size(), (long) handed.size());
        }
        LeaseRaces.heldAcquirer(trial);
    }

    private static List<Long> places(int n) {
        return IntStream.range(0, n).mapToObj(i -> (long) i).toList();
    }

    /** The first page and all that follow it. */
    private static List<Entry> handedOver(StateStore store, Page first) {
        List<Entry> entries = new ArrayList<>(first.entries());
        Optional<Page> page = Optional.of(first);
        while (page.isPresent() && page.get().next().isPresent()) {
            page = store.read(new Read(first.head().runId(), page.get().next().get(), 1024));
            page.ifPresent(read -> entries.addAll(read.entries()));
        }
        return entries;
    }
}
