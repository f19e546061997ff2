// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Several processes at once with leases so short that they run out by themselves: holders that sleep for longer and go on,
 * processes that die between two requests, runs that are suspended, signalled, cancelled, deleted and created anew. No
 * order is searched; what holds of every history holds, and then a last worker finds every run as it has to be.
 */
final class Fuzz {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMillis(300);
    private static final int DEEDS = 40;
    private static final int RUNS = 3;
    private static final int MOST_LOOKS = 200;

    private final Trial trial;
    private final Histories histories;
    private long calls;

    private Fuzz(Trial trial, Histories histories) {
        this.trial = trial;
        this.histories = histories;
    }

    /** So many rounds by 4 to 6 of the clients of histories. */
    static void rounds(Trial trial, Histories histories, int count) {
        Fuzz fuzz = new Fuzz(trial, histories);
        for (int i = 0; i < count; i++) {
            fuzz.round();
        }
        trial.tried(
                count + " rounds with leases of " + SHORTEST.toMillis() + " to " + LONGEST.toMillis() + " ms and "
                        + fuzz.calls + " calls",
                count);
    }

    private void round() {
        List<String> runs =
                Stream.generate(() -> trial.freshRun("f")).limit(RUNS).toList();
        History history = new History();
        List<Callable<String>> all = new ArrayList<>();
        int many = Math.min(histories.clients().size(), 4 + trial.random().nextInt(3));
        for (Histories.Client client : histories.clients().subList(0, many)) {
            Random random = new Random(trial.random().nextLong());
            Duration ttl = SHORTEST.plusMillis(
                    random.nextInt((int) LONGEST.minus(SHORTEST).toMillis()));
            StateStore store = history.recording(client.name(), client.store());
            Party party = new Party(client.name(), store, random, runs, ttl, client.weather());
            all.add(() -> life(party, random, ttl));
        }
        trial.atOnce(all);
        looked(runs, history);
        calls += history.size();
    }

    private String life(Party party, Random random, Duration ttl) {
        for (int i = 0; i < DEEDS; i++) {
            int chance = random.nextInt(30);
            if (chance < 2) {
                trial.pass(ttl.plusMillis(10)); // and goes on with what it held
            } else if (chance < 6) {
                trial.pass(Duration.ofMillis(1 + random.nextInt(10)));
            } else if (chance < 8) {
                party.die();
            } else {
                party.act();
            }
        }
        return "ended";
    }

    /** What everybody left: nothing of it may be wrong, and nothing may be lost for those who come later. */
    private void looked(List<String> runs, History history) {
        Instance reader = histories.reader();
        Instance last = reader.calling(history.recording("R", reader.store()));
        runs.forEach(runId -> checkedSeen(last, history, runId));
        trial.pass(LONGEST.plusMillis(10));
        for (int looks = 0; !isDrained(last, runs); looks++) {
            trial.that(looks < MOST_LOOKS, "every run to be had by a last worker, or ended, or waiting", "none is due");
        }
        runs.forEach(runId -> checkedSeen(last, history, runId));
        runs.forEach(runId -> Invariants.check(trial, runId, history.callsOf(runId)));
    }

    /** Takes what is due, consumes what it was sent, and lets it wait for what nobody sends. Whether nothing else is left. */
    private boolean isDrained(Instance last, List<String> runs) {
        for (Granted granted : last.store().claim(Party.claim(runs, RUNS, Requests.LASTING))) {
            long place = granted.page().entries().size();
            for (String id : Consumed.unread(Seen.of(granted.page()))) {
                last.step(granted.lease(), place++, Consumed.BY + id);
            }
            long signals = granted.page().head().signals();
            Settled waits = last.suspend(granted.lease(), place, Optional.empty(), signals, Consumed.NEVER_SENT);
            if (!(waits instanceof Settled.Done)) {
                HeadChange expired = HeadChange.expired().build();
                last.store().settle(Settle.of(granted.lease(), expired)); // to be taken anew, behind a late grant
            }
        }
        boolean drained = runs.stream().allMatch(runId -> isAtRest(last, runId));
        if (!drained) {
            trial.pass(Duration.ofMillis(10));
        }
        return drained;
    }

    private static boolean isAtRest(Instance last, String runId) {
        Optional<Seen> seen = last.find(runId);
        return seen.isEmpty()
                || seen.get().fold().end().isPresent()
                || seen.get().head().isWaiting(seen.get().storeTime());
    }

    private void checkedSeen(Instance last, History history, String runId) {
        read(last, history, runId).ifPresent(seen -> Consumed.check(trial, history, seen));
    }

    /** A journal that cannot be folded fails here, and not as whatever is thrown. */
    private Optional<Seen> read(Instance last, History history, String runId) {
        try {
            return last.find(runId);
        } catch (dev.cairn.error.CorruptException hole) {
            Invariants.check(trial, runId, history.callsOf(runId));
            throw hole;
        }
    }
}
