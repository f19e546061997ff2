// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Settle;
import dev.cairn.tck.Operation.Prepared;
import dev.cairn.tck.Races.Pair;
import java.util.List;
import java.util.Set;

/** Two who want to write to one run, one of them held at every request. */
final class LeaseRaces {
    private LeaseRaces() {}

    /** Two who want to create a run (VER-01). */
    static void creators(Trial trial) {
        race(
                trial,
                "two who create a run",
                (held, other, id) -> acquirers(
                        trial,
                        held,
                        other,
                        id,
                        new Acquire.Create(Requests.newRun()),
                        new Acquire.Create(Requests.newRun()),
                        Set.of(Reason.EXISTS, Reason.ARRIVING)));
    }

    /** Two who want a run that is free (LEASE-01). */
    static void free(Trial trial) {
        race(trial, "two who take a free run", (held, other, id) -> {
            other.createFree(id);
            return takers(trial, held, other, id);
        });
    }

    /** Two who want a run whose lease has run out (LEASE-02). */
    static void expired(Trial trial) {
        race(trial, "two who take a run over", (held, other, id) -> {
            other.expire(StoreOperations.held(other, id));
            return takers(trial, held, other, id);
        });
    }

    private static void race(Trial trial, String what, Races.Scene scene) {
        if (trial.hasWire()) {
            new Races(trial).explore(what, scene).done();
        }
    }

    static Pair takers(Trial trial, Instance held, Instance other, String id) {
        Acquire.Target take = new Acquire.Take(Condition.open().build());
        return acquirers(trial, held, other, id, take, take, Set.of(Reason.HELD));
    }

    private static Pair acquirers(
            Trial trial,
            Instance held,
            Instance other,
            String id,
            Acquire.Target one,
            Acquire.Target two,
            Set<Reason> loses) {
        Acquire first = Requests.acquire(id, one);
        Acquire second = Requests.acquire(id, two);
        return new Pair(
                () -> held.store().acquire(first),
                () -> other.store().acquire(second),
                (when, x, y) -> oneWinner(trial, when, other, id, loses, List.of(x, y)));
    }

    private static void oneWinner(
            Trial trial, String when, Instance reader, String id, Set<Reason> loses, List<Told> answers) {
        List<Granted> granted = answers.stream()
                .map(Told::how)
                .filter(Granted.class::isInstance)
                .map(Granted.class::cast)
                .toList();
        trial.that(granted.size() == 1, when + "one who is granted the lease", granted.size() + " of two");
        for (Told answer : answers) {
            boolean told = answer.is(Granted.class)
                    || (answer.how() instanceof Refused refused && loses.contains(refused.reason()));
            trial.that(told, when + "the other refused as " + loses, answer);
        }
        Lease winner = granted.get(0).lease();
        Seen seen = reader.read(id);
        trial.that(seen.head().isHeldBy(winner), when + "the head carries the lease of the winner", seen.head());
        trial.that(seen.fold().isHeldBy(winner), when + "the last grant that counts is the winner's", seen.entries());
    }

    /** The old holder writes, by every method, while another takes the run over (LEASE-06). */
    static void oldHolder(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore("an append", (held, other, id) -> {
            Entry step = Requests.step(StoreOperations.held(other, id), 2, "late");
            return supersededBy(trial, other, id, step, held, StoreOperations.append(id, step));
        });
        for (Operation operation : StoreOperations.settles()) {
            races.explore(operation.name(), (held, other, id) -> {
                Prepared settle = operation.on(other, id);
                return supersededBy(trial, other, id, settle, held);
            });
        }
        races.done();
    }

    private static Pair supersededBy(
            Trial trial, Instance other, String id, Entry entry, Instance held, Prepared commit) {
        Acquire over = over(id);
        return new Pair(
                () -> commit.call().apply(held),
                () -> other.store().acquire(over),
                (when, x, y) -> fenced(trial, when, other, entry, isDone(commit, x), y));
    }

    /** Of a settle: done means that it came first, and that whoever takes over finds what it did. */
    static Pair supersededBy(Trial trial, Instance other, String id, Prepared settle, Instance held) {
        List<?> before = settle.view().apply(other);
        Acquire over = over(id);
        return new Pair(() -> settle.call().apply(held), () -> other.store().acquire(over), (when, x, y) -> {
            if (!(y.how() instanceof Granted granted)) {
                trial.that(isDone(settle, x), when + "either the settle done or the takeover granted", List.of(x, y));
                return;
            }
            trial.that(
                    other.head(id).isHeldBy(granted.lease()),
                    when + "the run held by who took it over",
                    other.head(id));
            trial.equal(
                    when + "the steps that were handed over are",
                    texts(granted),
                    other.read(id).texts());
            if (!isDone(settle, x)) {
                trial.equal(
                        when + "with the settle refused the run has ended or waits",
                        before.subList(0, 2),
                        settle.view().apply(other).subList(0, 2));
            }
        });
    }

    private static List<String> texts(Granted granted) {
        Fold fold = new Fold(granted.lease().runId(), granted.lease().incarnation());
        return granted.page().entries().stream()
                .filter(entry -> fold.add(entry) && !entry.kind().isGrant())
                .map(entry -> entry.body().asUtf8())
                .toList();
    }

    static Acquire over(String id) {
        return Requests.acquire(
                id, new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build()));
    }

    static boolean isDone(Prepared prepared, Told ended) {
        return !(ended.how() instanceof Throwable) && prepared.done().test(ended.how());
    }

    /** An expired holder commits while another takes over (LEASE-09). */
    static void expiredHolder(Trial trial) {
        race(trial, "a commit under an expired lease", (held, other, id) -> {
            Lease lease = StoreOperations.held(other, id);
            other.expire(lease);
            Entry step = Requests.step(lease, 2, "late");
            Prepared commit = StoreOperations.append(id, step);
            Acquire take =
                    Requests.acquire(id, new Acquire.Take(Condition.open().build()));
            return new Pair(
                    () -> commit.call().apply(held),
                    () -> other.store().acquire(take),
                    (when, x, y) -> fenced(trial, when, other, step, isDone(commit, x), y));
        });
    }

    /** Who takes over is held while the old holder commits (LEASE-16, CLAIM-04). */
    static void heldAcquirer(Trial trial) {
        race(trial, "a takeover", (held, other, id) -> {
            Lease lease = StoreOperations.held(other, id);
            other.expire(lease);
            Entry step = Requests.step(lease, 2, "late");
            Prepared commit = StoreOperations.append(id, step);
            Acquire take =
                    Requests.acquire(id, new Acquire.Take(Condition.open().build()));
            return new Pair(
                    () -> held.store().acquire(take),
                    () -> commit.call().apply(other),
                    (when, x, y) -> fenced(trial, when, other, step, isDone(commit, y), x));
        });
    }

    /** The same by a claim. */
    static void heldClaimer(Trial trial) {
        race(trial, "a claim", (held, other, id) -> {
            Prepared claim = StoreOperations.claim(other, id);
            Lease lease = other.take(id).lease();
            other.expire(lease);
            Entry step = Requests.step(lease, 3, "late");
            Prepared commit = StoreOperations.append(id, step);
            return new Pair(
                    () -> ((List<?>) claim.call().apply(held)).get(0),
                    () -> commit.call().apply(other),
                    (when, x, y) -> fenced(trial, when, other, step, isDone(commit, y), x));
        });
    }

    /** A step of an older holder counts if, and only if, it was handed over; and only then it may be acknowledged. */
    static void fenced(Trial trial, String when, Instance reader, Entry step, boolean acknowledged, Told takeover) {
        Granted granted = trial.is(Granted.class, when + "the takeover granted", takeover.how());
        List<Entry> handed = Seen.entriesOf(reader.store(), granted);
        trial.that(
                !acknowledged || handed.contains(step),
                when + "an acknowledged step handed over to who takes the run",
                "a step that was not");
        handedOver(trial, when, reader.read(step.lease().runId()), handed);
        trial.that(
                handed.get(handed.size() - 1).isUnder(granted.lease()),
                when + "what is handed over ends with the grant",
                handed.get(handed.size() - 1));
        trial.equal(
                when + "whether the step counts",
                handed.contains(step),
                reader.read(step.lease().runId()).counting().contains(step));
        Appended next = reader.step(granted.lease(), handed.size(), "next");
        trial.is(Appended.Written.class, when + "the next step of who took over written", next);
    }

    /** What is handed over is what stands there, from place 0 on. */
    private static void handedOver(Trial trial, String when, Seen seen, List<Entry> handed) {
        List<Entry> there = seen.entries();
        trial.that(
                handed.size() <= there.size() && handed.equals(there.subList(0, handed.size())),
                when + "what stands in the journal handed over, from place 0 on",
                handed);
    }

    /** An acquirer is held while another acquires, commits and gives the run back (LEASE-15). */
    static void overtaken(Trial trial) {
        race(trial, "an acquire", (held, other, id) -> {
            other.createFree(id);
            Acquire take =
                    Requests.acquire(id, new Acquire.Take(Condition.open().build()));
            return new Pair(() -> held.store().acquire(take), () -> passing(other, id), (when, x, y) -> {
                boolean refused = x.how() instanceof Refused no && no.reason() == Reason.HELD;
                trial.that(refused || x.is(Granted.class), when + "granted, or refused as held", x);
                Seen seen = other.read(id);
                boolean counts = grantCounts(seen, take);
                trial.equal(when + "whether its grant counts", x.is(Granted.class), counts);
                if (x.how() instanceof Granted granted && y.is(Lease.class)) {
                    List<Entry> handed = Seen.entriesOf(other.store(), granted);
                    handedOver(trial, when, seen, handed);
                }
                trial.equal(when + "the steps are", y.is(Lease.class) ? List.of("passing") : List.of(), seen.texts());
            });
        });
    }

    /** Takes a run, commits and gives it back; or how it was refused. */
    private static Object passing(Instance who, String id) {
        if (!(who.acquire(id) instanceof Granted granted)) {
            return "refused";
        }
        Lease lease = granted.lease();
        who.steps(lease, granted.page().entries().size(), 0);
        Appended step = who.step(lease, granted.page().entries().size(), "passing");
        who.store().settle(Settle.of(lease, HeadChange.freed().build()));
        return step instanceof Appended.Written ? lease : step;
    }

    private static boolean grantCounts(Seen seen, Acquire request) {
        Fold fold = new Fold(seen.head().runId(), seen.head().incarnation());
        return seen.entries().stream()
                .filter(entry -> fold.add(entry) && entry.kind().isGrant())
                .anyMatch(entry -> entry.lease().id().equals(request.leaseId()));
    }

    /** The same acquire twice, one copy held (LEASE-14). */
    static void copies(Trial trial) {
        race(trial, "an acquire that comes twice", (held, other, id) -> {
            other.createFree(id);
            Acquire take =
                    Requests.acquire(id, new Acquire.Take(Condition.open().build()));
            return new Pair(
                    () -> held.store().acquire(take), () -> other.store().acquire(take), (when, x, y) -> {
                        Granted one = trial.is(Granted.class, when + "both copies granted", x.how());
                        Granted two = trial.is(Granted.class, when + "both copies granted", y.how());
                        trial.equal(when + "the lease is", one.lease(), two.lease());
                        trial.equal(when + "grants that count", 2L, RunView.grants(other, id));
                    });
        });
    }
}
