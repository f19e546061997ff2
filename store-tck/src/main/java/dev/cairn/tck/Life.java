// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What a process does until it is killed: of every kind of write, on several threads, each with runs of its own. */
final class Life {
    /** How often another process looks while it is still alive. */
    private static final int LOOKS = 7;

    private static final int BATCH = 4;
    private static final int LARGE_LOADS = 6;
    private static final int LARGE = 64 << 10;
    private static final int MOST_OUTCOMES = 1_000_000;

    private final Trial trial;
    private final Instance who;
    private final Instance other;
    private final String name;
    private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean isOver;

    Life(Trial trial, Instance who, Instance other, String name) {
        this.trial = trial;
        this.who = who;
        this.other = other;
        this.name = name;
    }

    List<Witness> witnesses() {
        return witnesses;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Whether one of its threads has ended. */
    boolean isOver() {
        return isOver;
    }

    List<Callable<Object>> loads() {
        return List.of(until(this::steps), until(this::batches), until(this::settles), until(this::signalsAndOutcomes));
    }

    /** Lists of large entries, so that it is likely to be killed in the middle of a transaction. */
    List<Callable<Object>> largeLoads() {
        return IntStream.range(0, LARGE_LOADS)
                .mapToObj(i -> until(turn -> large("large-" + i, turn)))
                .toList();
    }

    /** A thread that goes on, round by round, until the process is dead. */
    private Callable<Object> until(Consumer<Turn> round) {
        return () -> {
            try {
                for (Turn turn = new Turn(); !isOver; turn.number++) {
                    round.accept(turn);
                }
            } catch (Child.Died dead) {
                return "dead";
            } finally {
                isOver = true;
            }
            return "over";
        };
    }

    /** Where a thread is. */
    private static final class Turn {
        private int number;
        private List<Lease> leases = List.of();
        private List<Witness> witnesses = List.of();
    }

    private Witness created(String runId, List<Lease> leases) {
        Lease lease = who.create(runId).lease();
        leases.add(lease);
        Witness witness = new Witness(runId);
        witnesses.add(witness);
        acknowledge(witness);
        return witness;
    }

    private void acknowledge(Witness witness) {
        if (acknowledged.incrementAndGet() % LOOKS == 0) {
            witness.check(trial, other);
        }
    }

    private void begin(Turn turn, String what, int runs) {
        if (turn.number == 0) {
            List<Lease> leases = new ArrayList<>();
            turn.witnesses = IntStream.range(0, runs)
                    .mapToObj(i -> created(name + what + "-" + i, leases))
                    .toList();
            turn.leases = leases;
        }
    }

    private void steps(Turn turn) {
        begin(turn, "steps", 1);
        append(turn, "step " + turn.number);
    }

    private void batches(Turn turn) {
        begin(turn, "batches", BATCH);
        append(turn, "step " + turn.number);
    }

    private void large(String what, Turn turn) {
        begin(turn, what, BATCH);
        append(turn, "x".repeat(LARGE));
    }

    /** The next entry of each run, in one list. */
    private void append(Turn turn, String text) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < turn.leases.size(); i++) {
            Entry entry = Requests.step(turn.leases.get(i), turn.number + 1, text);
            entries.add(entry);
            turn.witnesses.get(i).asks(entry);
        }
        List<Appended> answers = who.store().append(entries);
        for (int i = 0; i < answers.size(); i++) {
            trial.is(Appended.Written.class, "a step of a child written", answers.get(i));
            turn.witnesses.get(i).isWritten();
        }
        turn.witnesses.forEach(this::acknowledge);
    }

    /** A run that is created and ends, waits, or is given back. */
    private void settles(Turn turn) {
        List<Lease> leases = new ArrayList<>();
        Witness witness = created(name + "settles-" + turn.number, leases);
        Lease lease = leases.get(0);
        RunStatus status = List.of(RunStatus.COMPLETED, RunStatus.SUSPENDED, RunStatus.READY)
                .get(turn.number % 3);
        Settle settle = settle(lease, status);
        settle.entry().ifPresent(witness::asks);
        witness.asksToSettle();
        trial.is(Settled.Done.class, "a settle of a child done", who.store().settle(settle));
        settle.entry().ifPresent(entry -> witness.isWritten());
        witness.isSettled(status);
        acknowledge(witness);
    }

    private static Settle settle(Lease lease, RunStatus status) {
        if (status == RunStatus.COMPLETED) {
            return Settle.of(
                    Requests.end(lease, 1, status), HeadChange.ended(status).build());
        }
        if (status == RunStatus.SUSPENDED) {
            EntryBody.Suspension body = EntryBody.Suspension.of(Set.of("x"), Optional.empty(), 0);
            return Settle.of(
                    Requests.entry(lease, 1, body),
                    HeadChange.suspended(Set.of("x"), Due.never(), 0).build());
        }
        return Settle.of(lease, HeadChange.ready(Due.never()).build());
    }

    private void signalsAndOutcomes(Turn turn) {
        begin(turn, "signals", 1);
        Witness witness = turn.witnesses.get(0);
        Message message = Requests.message("m-" + turn.number, "n");
        trial.equal("a signal of a child is", Signalled.STORED, who.signal(witness.runId(), message));
        witness.isSignalled(message);
        acknowledge(witness);
        if (trial.declares(Ability.STEP_CACHE)) {
            CacheKey key = new CacheKey(witness.runId(), "k-" + turn.number);
            Bytes outcome = Bytes.utf8("outcome " + turn.number);
            who.cache().cachePut(new CachePut(key, outcome, CachePut.FOREVER, Existing.REPLACE, MOST_OUTCOMES));
            trial.equal(
                    "acknowledged: the cached outcome",
                    Optional.of(outcome),
                    other.cache().cacheGet(key));
        }
    }
}
