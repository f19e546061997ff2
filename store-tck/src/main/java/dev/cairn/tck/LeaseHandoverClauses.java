// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** LEASE: what a takeover hands over. */
interface LeaseHandoverClauses extends KitClauses {
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
