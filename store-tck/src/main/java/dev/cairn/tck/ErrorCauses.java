// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.tck.Operation.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** What every method of a store throws when a line breaks, or nobody answers: a type of the SPI, and why (BAD-02). */
final class ErrorCauses {
    private static final int MOST = 500;

    private final Trial trial;
    private final Wired who;
    private final Instance other;
    private int points;
    private int thrown;

    private ErrorCauses(Trial trial) {
        this.trial = trial;
        this.who = trial.wired("A");
        this.other = trial.open("B");
    }

    static void explore(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        ErrorCauses causes = new ErrorCauses(trial);
        boolean hasLines = trial.facts().nature() == Nature.NETWORKED;
        Map<String, FutureTask<Told>> unanswered = hasLines ? causes.unanswered() : Map.of();
        List<Operation> all = new ArrayList<>(StoreOperations.all(trial));
        all.addAll(reads(trial));
        for (Operation operation : all) {
            for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
                int request = 1;
                while (request < MOST && causes.isCut(operation, fault, request)) {
                    request++;
                }
            }
        }
        trial.that(causes.thrown > 0, "a failure where the line breaks", "none at " + causes.points + " requests");
        unanswered.forEach((name, task) -> causes.typed(name + ", which nobody answers: ", Races.ended(task)));
        trial.tried(causes.points + " requests cut, " + causes.thrown + " failures with their cause", causes.points);
    }

    private static List<Operation> reads(Trial trial) {
        List<Operation> reads = new ArrayList<>(List.of(
                reading("read", (who, id) -> who.store().read(new Read(id, new Cursor.Start(), 1 << 20))),
                reading(
                        "list",
                        (who, id) -> who.store().list(RunQuery.all().limit(1).build())),
                reading("facts", (who, id) -> who.store().facts())));
        if (trial.declares(Ability.STEP_CACHE)) {
            reads.add(reading("look into the cache", (who, id) -> who.cache().cacheGet(new CacheKey(id, "k"))));
        }
        return reads;
    }

    private interface Reading {
        Object of(Instance who, String id);
    }

    private static Operation reading(String name, Reading reading) {
        return new Operation(name, (by, id) -> {
            by.createFree(id);
            Function<Instance, Object> call = who -> reading.of(who, id);
            return new Prepared(call, answer -> true, reader -> List.of());
        });
    }

    private boolean isCut(Operation operation, Fault fault, int request) {
        String when = operation + ", " + fault + " at request " + request + ": ";
        Prepared prepared = operation.on(other, trial.freshRun("typed"));
        who.wire().arm(request, fault);
        Told ended = Told.of(() -> prepared.call().apply(who.who()));
        boolean met = who.wire().disarm() >= request;
        points += met ? 1 : 0;
        typed(when, ended);
        return met;
    }

    /** An answer, or an error of the SPI that says what the driver said. */
    private void typed(String when, Told ended) {
        if (!(ended.how() instanceof Throwable failure)) {
            trial.explored(1);
            return;
        }
        thrown++;
        trial.that(failure instanceof CairnException, when + "an error type of the SPI", ended);
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        trial.that(
                !(root instanceof CairnException),
                when + "the driver's exception as the cause of " + Thrown.name(failure),
                root == failure ? "no cause" : Thrown.name(root));
    }

    /** A write, an acquire and a read of a process that is not answered any more: they wait while the rest is tried. */
    private Map<String, FutureTask<Told>> unanswered() {
        Wired silent = trial.wired("silent");
        String id = trial.freshRun("silent");
        String free = trial.freshRun("silent");
        Lease lease = other.create(id).lease();
        other.createFree(free);
        silent.who().find(id);
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("an append", () -> Operation.orThrown(silent.who().step(lease, 1, "one")));
        calls.put(
                "an acquire",
                () -> silent.who()
                        .store()
                        .acquire(Requests.acquire(
                                free, new Acquire.Take(Condition.open().build()))));
        calls.put("a read", () -> silent.who().store().read(new Read(id, new Cursor.Start(), 1)));
        silent.wire().armFrom(1, Fault.BLACK_HOLE);
        Map<String, FutureTask<Told>> asked = new LinkedHashMap<>();
        calls.forEach((name, call) -> asked.put(name, Races.started(call)));
        return asked;
    }
}
