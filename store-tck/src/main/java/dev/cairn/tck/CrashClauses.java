// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** CRASH: ambiguity. */
interface CrashClauses extends KitClauses {
    @Clause(
            id = "CRASH-03",
            must =
                    "Repeating any operation after CRASH-01/02, from the same or another instance, or someone else acquiring"
                            + " instead, MUST end in exactly one counting effect",
            why = "a worker that asks again after a lost reply does its work twice, or gives up what it has done",
            usualFix = "recognise a repeat by its ids, and answer what the first one did")
    default void crash_03_repeatsEndInOneEffect(Trial trial) {
        Instance a = trial.open("A");
        List<Instance> repeaters = trial.sameOtherReopened(a);
        acquires(trial, a, repeaters);
        claims(trial, a, repeaters);
        commits(trial, a, repeaters);
        settles(trial, a, repeaters);
        signals(trial, a, repeaters);
        deletes(trial, a, repeaters);
        restores(trial, a, repeaters);
        someoneElseInstead(trial, a, repeaters.get(1));
        CrashPoints.repeatedByAll(trial);
    }

    private static void acquires(Trial trial, Instance a, List<Instance> repeaters) {
        Acquire create = Requests.acquire("created", new Acquire.Create(Requests.newRun()));
        Granted created = Instance.granted(a.store().acquire(create));
        a.createFree("taken");
        Acquire take =
                Requests.acquire("taken", new Acquire.Take(Condition.open().build()));
        Granted taken = Instance.granted(a.store().acquire(take));
        for (Instance who : repeaters) {
            again(trial, created, who.store().acquire(create));
            again(trial, taken, who.store().acquire(take));
            trial.equal("grants of the created run that count", 1L, grants(who, "created"));
            trial.equal("grants of the taken run that count", 2L, grants(who, "taken"));
        }
        a.free(created.lease());
        a.free(taken.lease());
        List<Seen> free = List.of(a.read("created"), a.read("taken"));
        for (Instance who : repeaters) {
            trial.is(
                    Refused.class,
                    "a create refused after its lease ended",
                    who.store().acquire(create));
            trial.is(
                    Refused.class,
                    "an acquire refused after its lease ended",
                    who.store().acquire(take));
            free.forEach(run -> Answers.unchanged(trial, run, who));
        }
    }

    private static void again(Trial trial, Granted first, Object answer) {
        Granted granted = trial.is(Granted.class, "the same lease for the same request", answer);
        trial.equal("its lease is", first.lease(), granted.lease());
        trial.equal("it hands over", first.page().entries(), granted.page().entries());
    }

    private static long grants(Instance who, String runId) {
        Seen seen = who.read(runId);
        Fold fold = new Fold(runId, seen.head().incarnation());
        return seen.entries().stream()
                .filter(entry -> fold.add(entry) && entry.kind().isGrant())
                .count();
    }

    private static void claims(Trial trial, Instance a, List<Instance> repeaters) {
        for (String runId : List.of("due 1", "due 2", "due 3", "due 4")) {
            Lease lease = a.create(runId, Requests.newRun("claimed", Labels.NONE, RunStatus.READY))
                    .lease();
            a.free(lease);
        }
        Claim claim = new Claim(
                LeaseId.random(),
                List.of(new WorkflowVersions("claimed", 1, Set.of(1))),
                2,
                Requests.LASTING,
                Requests.grant());
        Set<Lease> first = leases(a.store().claim(claim));
        if (first.isEmpty()) {
            throw new IllegalStateException("the clause needs a claimed run, and the store claimed none");
        }
        for (Instance who : repeaters) {
            trial.equal("the claimed leases are", first, leases(who.store().claim(claim)));
            for (Lease lease : first) {
                trial.equal("grants of a claimed run that count", 2L, grants(who, lease.runId()));
            }
        }
    }

    private static Set<Lease> leases(List<Granted> granted) {
        return granted.stream().map(Granted::lease).collect(Collectors.toSet());
    }

    private static void commits(Trial trial, Instance a, List<Instance> repeaters) {
        Lease lease = a.create("committed").lease();
        Entry step = Requests.step(lease, 1, "one");
        trial.is(Appended.Written.class, "a step written", a.append(step));
        for (Instance who : repeaters) {
            Appended.Taken there = trial.is(Appended.Taken.class, "a repeated step there already", who.append(step));
            trial.equal("at its place is", step, there.entry());
            trial.equal(
                    "a repeated renewal is", new Renewed.Held(Requests.LASTING), who.renew(lease, Requests.LASTING));
        }
        trial.equal("the steps are", List.of("one"), a.read("committed").texts());
    }

    private static void settles(Trial trial, Instance a, List<Instance> repeaters) {
        Lease ends = a.create("ended").lease();
        Settle end = Settle.of(
                Requests.end(ends, 1, RunStatus.COMPLETED),
                HeadChange.ended(RunStatus.COMPLETED).build());
        Lease waits = a.create("suspended").lease();
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of("x"), Optional.empty(), 0);
        Settle suspend = Settle.of(
                Requests.entry(waits, 1, body),
                HeadChange.suspended(Set.of("x"), Due.never(), 0).build());
        Lease frees = a.create("freed").lease();
        Settle free = Settle.of(frees, HeadChange.ready(Due.never()).build());
        for (Settle settle : List.of(end, suspend, free)) {
            Instance.done(a.store().settle(settle));
        }
        List<Seen> settled = List.of(a.read("ended"), a.read("suspended"), a.read("freed"));
        trial.equal(
                "the settled runs are",
                List.of(RunStatus.COMPLETED, RunStatus.SUSPENDED, RunStatus.READY),
                settled.stream().map(run -> run.head().status()).toList());
        for (Instance who : repeaters) {
            trial.is(Settled.Done.class, "a repeated end done", who.store().settle(end));
            trial.is(
                    Settled.Done.class,
                    "a repeated suspension done",
                    who.store().settle(suspend));
            Settled answer = who.store().settle(free);
            Optional<Head> shown = answer instanceof Settled.Lost lost
                    ? lost.head()
                    : Optional.of(Instance.done(answer).head());
            trial.equal("a repeated release shows", Optional.of(RunStatus.READY), shown.map(Head::status));
            trial.equal("with a due time:", Optional.empty(), shown.flatMap(Head::due));
            trial.equal("with a lease:", Optional.empty(), shown.flatMap(Head::lease));
            settled.forEach(run -> Answers.sameRun(trial, run, who));
        }
    }

    private static void signals(Trial trial, Instance a, List<Instance> repeaters) {
        a.createFree("signalled");
        Message message = Requests.message("m", "n");
        a.signal("signalled", message);
        for (Instance who : repeaters) {
            trial.equal("a repeated signal is", Signalled.STORED, who.signal("signalled", message));
            trial.equal(
                    "the messages are",
                    List.of(message),
                    who.read("signalled").messages().stream()
                            .map(Received::message)
                            .toList());
            // One request puts it there and another counts it: a repeat may count it again, never less than once.
            trial.that(who.head("signalled").signals() >= 1, "a signal that is counted", who.head("signalled"));
        }
    }

    private static void deletes(Trial trial, Instance a, List<Instance> repeaters) {
        a.createFree("deleted");
        a.createFree("created anew");
        for (String runId : List.of("deleted", "created anew")) {
            Granted mover = a.take(runId);
            Settle gone = Settle.of(mover.lease(), HeadChange.gone(0).build());
            Erase.Leftover left = new Erase.Leftover(runId, mover.lease().incarnation());
            Instance.done(a.store().settle(gone));
            a.store().erase(List.of(left));
            if (runId.equals("created anew")) {
                a.create(runId);
            }
            Optional<Seen> before = a.find(runId);
            for (Instance who : repeaters) {
                trial.is(
                        Settled.Lost.class,
                        "a repeated delete told that its lease is gone",
                        who.store().settle(gone));
                trial.equal(
                        "erasing again is", List.of(Erased.ERASED), who.store().erase(List.of(left)));
                before.ifPresentOrElse(
                        anew -> Answers.unchanged(trial, anew, who),
                        () -> trial.equal(
                                "the run is", Optional.empty(), who.find(runId).map(Seen::head)));
            }
        }
    }

    private static void restores(Trial trial, Instance a, List<Instance> repeaters) {
        Lease lease = a.create("restored").lease();
        a.steps(lease, 1, 2);
        a.free(lease);
        Granted mover = a.take("restored");
        Incarnation next = Incarnation.random();
        Lease beside = mover.lease().over(next);
        Settle name = Settle.of(mover.lease(), HeadChange.naming(next).build());
        Settle switched = Settle.of(
                mover.lease(), HeadChange.ready(Due.now()).switchingTo(next, 0).build());
        Entry first = Requests.firstEntry(beside);
        Entry step = Requests.step(beside, 1, "restored");
        Instance.done(a.store().settle(name));
        a.append(first);
        a.append(step);
        for (Instance who : repeaters) {
            trial.is(Settled.Done.class, "a repeated naming done", who.store().settle(name));
            trial.is(Appended.Taken.class, "a repeated first entry there already", who.append(first));
            trial.is(Appended.Taken.class, "a repeated step there already", who.append(step));
            trial.equal(
                    "until the switch the run has",
                    2,
                    who.read("restored").counting().size());
        }
        Instance.done(a.store().settle(switched));
        a.leave("restored", mover.lease().incarnation());
        Seen before = a.read("restored");
        for (Instance who : repeaters) {
            trial.is(Settled.class, "a repeated switch answered", who.store().settle(switched));
            who.leave("restored", mover.lease().incarnation());
            Answers.sameRun(trial, before, who);
        }
        trial.equal("its steps are", List.of("restored"), a.read("restored").texts());
    }

    /** The first holder does not know whether its commit was written; another one has the run meanwhile. */
    private static void someoneElseInstead(Trial trial, Instance a, Instance b) {
        Lease old = a.create("superseded").lease();
        Entry written = Requests.step(old, 1, "one");
        a.append(written);
        Granted newer = b.supersede("superseded");
        trial.that(
                newer.page().entries().contains(written),
                "the written step handed over",
                newer.page().entries());
        Entry unwritten = Requests.step(old, 2, "two");

        Appended.Taken there = trial.is(Appended.Taken.class, "the written step there already", a.append(written));
        Appended refused = a.append(unwritten);

        trial.equal("at its place is", written, there.entry());
        trial.that(
                refused instanceof Appended.Fenced
                        || (refused instanceof Appended.Taken taken
                                && !taken.entry().equals(unwritten)),
                "a step under the old lease refused",
                refused);
        trial.is(Appended.Written.class, "the step of the newer holder written", b.step(newer.lease(), 3, "two"));
        trial.equal("the steps are", List.of("one", "two"), a.read("superseded").texts());
    }
}
