// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Facts.Nature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Does an operation as often as it sends requests, each time with a fault at another one: what its caller is told and what
 * a reader sees have to fit together, and a repeat has to end in the one effect. Where the points are, running it shows.
 */
final class Crashes {
    /** Far above what any operation sends. */
    private static final int MOST = 500;

    /** So many at a time where each works over connections of its own: most of the time goes with making new ones. */
    private static final int WORKERS = 4;

    private final Trial trial;
    private final Wired who;
    private final Instance other;
    private final boolean isDeath;

    private Crashes(Trial trial, int number, boolean isDeath) {
        this.trial = trial;
        this.who = trial.wired("A" + number);
        this.other = trial.open("B" + number);
        this.isDeath = isDeath;
    }

    /** Who repeats an operation that met a fault. */
    interface Repeaters {
        List<Instance> of(Wired who, Instance other);
    }

    /** Every operation, with these faults at each of its requests: the line breaks there, once. */
    static void lines(Trial trial, List<Operation> operations, List<Fault> faults, Repeaters repeaters) {
        explore(trial, false, operations, faults, repeaters);
    }

    /** The same where the process dies there: nothing that it sends later arrives. */
    static void deaths(Trial trial, List<Operation> operations, List<Fault> faults, Repeaters repeaters) {
        explore(trial, true, operations, faults, repeaters);
    }

    private record Task(Operation operation, Fault fault) {}

    private static void explore(
            Trial trial, boolean isDeath, List<Operation> operations, List<Fault> faults, Repeaters repeaters) {
        Queue<Task> tasks = new ConcurrentLinkedQueue<>();
        faults.forEach(fault -> operations.forEach(operation -> tasks.add(new Task(operation, fault))));
        int workers = trial.facts().nature() == Nature.NETWORKED ? Math.min(WORKERS, tasks.size()) : 1;
        Map<Fault, Integer> points = new ConcurrentHashMap<>();
        trial.atOnce(IntStream.range(0, workers)
                .<Callable<Object>>mapToObj(number -> () -> {
                    Crashes worker = new Crashes(trial, number, isDeath);
                    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                        points.merge(task.fault(), worker.explore(task, repeaters), Integer::sum);
                    }
                    return "explored";
                })
                .toList());
        faults.forEach(fault -> {
            int found = points.getOrDefault(fault, 0);
            trial.tried((isDeath ? "deaths at " : "") + found + " requests " + fault, found);
        });
    }

    private int explore(Task task, Repeaters repeaters) {
        Operation operation = task.operation();
        List<?> after = afterwards(operation);
        for (int request = 1; request < MOST; request++) {
            if (!isMet(operation, request, task.fault(), after, repeaters)) {
                trial.that(request > 1, "a request that " + operation + " sends before it is acknowledged", "none");
                return request - 1;
            }
        }
        throw new IllegalStateException(operation + " has no last request");
    }

    /** What a reader sees when nothing goes wrong. */
    private List<?> afterwards(Operation operation) {
        Operation.Prepared prepared = operation.on(other, trial.freshRun("cut"));
        Object answer = prepared.call().apply(other);
        trial.that(prepared.done().test(answer), operation + " done where nothing goes wrong", answer);
        return prepared.view().apply(other);
    }

    /** Whether the operation sends so many requests. */
    private boolean isMet(Operation operation, int request, Fault fault, List<?> after, Repeaters repeaters) {
        String when = operation + ", " + fault + " at request " + request + ": ";
        Operation.Prepared prepared = operation.on(other, trial.freshRun("cut"));
        List<?> before = prepared.view().apply(other);
        trial.did(when + "armed");

        Told ended = ended(request, fault, prepared);
        boolean met = who.wire().disarm() >= request;

        checkTold(when, ended, prepared, before, after);
        for (Instance repeater : repeaters.of(who, other)) {
            Told again = Told.of(() -> prepared.call().apply(repeater));
            trial.that(isDone(again, prepared), when + "a repeat told that it is done", again);
            trial.equal(
                    when + "after a repeat a reader sees",
                    after,
                    prepared.view().apply(other));
        }
        return met;
    }

    private Told ended(int request, Fault fault, Operation.Prepared prepared) {
        if (!isDeath) {
            who.wire().arm(request, fault);
            return Told.of(() -> prepared.call().apply(who.who()));
        }
        who.wire().armFrom(request, fault);
        return Told.of(() -> prepared.call().apply(who.who().meeting(new Splitting.Gate() {
            @Override
            public void before(String sent) {
                if (who.wire().isReached()) {
                    throw new AtPoint.Death();
                }
            }

            @Override
            public void after(String sent) {}
        })));
    }

    private static boolean isDone(Told ended, Operation.Prepared prepared) {
        return !(ended.how() instanceof Throwable) && prepared.done().test(ended.how());
    }

    private void checkTold(String when, Told ended, Operation.Prepared prepared, List<?> before, List<?> after) {
        List<Object> allowed = new ArrayList<>();
        if (isDone(ended, prepared)) {
            allowed.add(after);
        } else if (ended.is(StoreUnavailableException.class)) {
            allowed.add(before);
        } else {
            trial.that(
                    ended.is(OutcomeUnknownException.class) || ended.is(AtPoint.Death.class),
                    when + "done, StoreUnavailableException or OutcomeUnknownException",
                    told(ended));
            allowed.add(before);
            allowed.add(after);
        }
        List<?> now = prepared.view().apply(other);
        trial.that(
                allowed.contains(now), when + "told " + told(ended) + ", and a reader to see one of " + allowed, now);
    }

    private static String told(Told ended) {
        return ended.how() instanceof CairnException typed
                ? typed.getClass().getSimpleName()
                : ended.how() instanceof Throwable ? ended.toString() : Words.of(ended.how());
    }
}
