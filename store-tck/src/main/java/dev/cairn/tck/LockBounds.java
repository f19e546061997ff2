// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.tck.Holds.Placed;
import dev.cairn.tck.Races.Pair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** What a lock that is held from outside may hold up, and what a wait behind it may change. */
final class LockBounds {
    private static final Duration BOUND = Duration.ofMillis(200);

    private LockBounds() {}

    /** A list of commits of which one is stuck (BATCH-01, LEASE-13). */
    static void stuck(Trial trial) {
        if (trial.hasLocks()) {
            stuck(trial, "a list with a run whose head is held: ", true);
            stuck(trial, "a list with a run whose next place is held: ", false);
        }
    }

    private static void stuck(Trial trial, String when, boolean atHead) {
        Instance hasty = trial.open("hasty", trial.options().lockBound(BOUND).build());
        List<Entry> list = list(trial, hasty, trial.freshRun("stuck"));
        Entry one = list.get(trial.random().nextInt(list.size()));
        Optional<StoreLocks.Held> got = hold(trial, hasty, one, atHead);
        if (got.isEmpty()) {
            return;
        }
        StoreLocks.Held held = got.get();
        Told told;
        try {
            // Held until it is answered: whoever waits for it without a bound is never answered.
            told = Races.ended(Races.started(() -> hasty.store().append(list)));
            trial.did(when + "answered, while it is held");
        } finally {
            held.close();
        }
        if (trial.locks().reach() == StoreLocks.Reach.RUN) {
            othersAreWritten(trial, when, list, one, told, atHead);
        } else {
            isToldUndone(trial, when, told);
        }
        trial.tried("a list that was answered while one run of it was held", 1);
        List<Appended> again = hasty.store().append(list);
        for (int i = 0; i < list.size(); i++) {
            Entry entry = list.get(i);
            trial.that(
                    StoreOperations.isThere(entry, again.get(i)),
                    when + "a repeat, once nothing is held, acknowledged",
                    again.get(i));
            trial.equal(
                    when + "the journal ends with the step",
                    List.of(entry),
                    hasty.entries(entry.lease().runId()).stream().skip(1).toList());
        }
    }

    private static Optional<StoreLocks.Held> hold(Trial trial, Instance who, Entry entry, boolean atHead) {
        return atHead
                ? Optional.of(
                        trial.locks().holdHead(trial.env(who), entry.lease().runId()))
                : trial.locks().holdEntry(trial.env(who), Holds.rival(entry));
    }

    private static List<Entry> list(Trial trial, Instance by, String name) {
        List<Entry> list = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            list.add(Requests.step(by.create(name + "-" + i).lease(), 1, "one"));
        }
        Collections.shuffle(list, trial.random());
        return list;
    }

    private static void othersAreWritten(
            Trial trial, String when, List<Entry> list, Entry stuck, Told told, boolean atHead) {
        List<?> answers = trial.is(List.class, when + "an answer for each", told.how());
        trial.equal(when + "the number of answers is", list.size(), answers.size());
        for (int i = 0; i < list.size(); i++) {
            boolean written = answers.get(i) instanceof Appended.Written;
            if (!list.get(i).equals(stuck)) {
                trial.that(written, when + "the commits of all others written", answers.get(i));
            } else if (!atHead || !written) {
                trial.that(isUndone(answers.get(i)), when + "the stuck one undone, or unknown", answers.get(i));
            }
        }
    }

    /** Where all wait for one lock, all are told so, and nobody waits on. */
    private static void isToldUndone(Trial trial, String when, Told told) {
        boolean each = told.how() instanceof List<?> answers && answers.stream().allMatch(LockBounds::isUndone);
        trial.that(each || isUndone(told.how()), when + "told that it is undone, or unknown", told);
    }

    private static boolean isUndone(Object answer) {
        Object how = answer instanceof Appended.Failed failed ? failed.cause() : answer;
        return how instanceof StoreUnavailableException || how instanceof OutcomeUnknownException;
    }

    /** Two lists of the same commits in opposite orders (BATCH-01). */
    static void opposite(Trial trial) {
        if (trial.hasLocks()) {
            new Holds(trial)
                    .place("a list and the same list backwards", (one, other, id) -> {
                        List<Entry> list = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            list.add(Requests.step(one.create(id + "-" + i).lease(), 1, "one"));
                        }
                        List<Entry> backwards = new ArrayList<>(list);
                        Collections.reverse(backwards);
                        return new Placed(
                                list.get(2),
                                new Pair(
                                        () -> one.store().append(list),
                                        () -> other.store().append(backwards),
                                        (when, x, y) -> {
                                            bothAreTold(trial, when, other, list, x);
                                            bothAreTold(trial, when, other, backwards, y);
                                        }));
                    })
                    .done();
        }
    }

    private static void bothAreTold(Trial trial, String when, Instance reader, List<Entry> list, Told told) {
        List<?> answers = trial.is(List.class, when + "an answer for each", told.how());
        for (int i = 0; i < list.size(); i++) {
            Entry entry = list.get(i);
            boolean there = reader.entries(entry.lease().runId()).contains(entry);
            trial.that(there || i == 2, when + "every commit that was not stuck written", "one that was not");
            trial.equal(
                    when + "whether a commit is acknowledged", there, StoreOperations.isThere(entry, answers.get(i)));
        }
    }

    /** A heartbeat that waited (HB-01). */
    static void renewed(Trial trial) {
        if (trial.hasLocks()) {
            Instance a = trial.open("A");
            Lease lease = StoreOperations.held(a, trial.freshRun("late"));
            counts(trial, a, "a heartbeat", lease.runId(), () -> a.renew(lease, Requests.LASTING));
        }
    }

    /** A takeover that waited (LEASE-04). */
    static void taken(Trial trial) {
        if (trial.hasLocks()) {
            Instance a = trial.open("A");
            String id = trial.freshRun("late");
            a.createFree(id);
            Acquire take =
                    Requests.acquire(id, new Acquire.Take(Condition.open().build()));
            counts(trial, a, "an acquire", id, () -> a.store().acquire(take));
        }
    }

    /** A lease counts from when the lock was there, not from when somebody began to wait for it. */
    private static void counts(Trial trial, Instance who, String what, String id, Callable<?> call) {
        FutureTask<Told> task;
        Instant released;
        try (StoreLocks.Held held = trial.locks().holdHead(trial.env(who), id)) {
            task = Holds.queues(held, List.of(), call);
            Instant waiting = who.now();
            trial.pass(Duration.ofMillis(20));
            released = who.now();
            trial.that(released.isAfter(waiting), "a clock that goes on", released);
        }
        trial.did(what + " that waited: " + Races.ended(task));
        LeaseTerm term = who.head(id).lease().orElseThrow();
        trial.that(
                !term.deadline().isBefore(released.plus(Requests.LASTING)),
                what + " behind a held head: a deadline " + Requests.LASTING + " after it was let go",
                Duration.between(released, term.deadline()));
        trial.tried(what + " behind a held head", 1);
    }
}
