// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.RunQuery;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** What the wire shows beside points: what is sent at all, what stays open, and what becomes of a line that is silent. */
final class WireChecks {
    /** Far above any time-out that is set for a test. */
    private static final int PATIENCE_SECONDS = 120;

    private WireChecks() {}

    // --- refused before anything is sent

    /** Keys that are none (KEY-05). */
    static void unsentKeys(Trial trial) {
        if (trial.hasWire()) {
            Begun a = begun(trial);
            for (String key : List.of("", "\u0001", "\n\t", "\u007f")) {
                unsent(
                        trial,
                        a,
                        "a signal to " + Words.quoted(key),
                        () -> a.who().signal(key, Requests.message("m", "n")));
            }
        }
    }

    /** Arguments that cannot be meant (BAD-01). */
    static void unsentArguments(Trial trial) {
        if (trial.hasWire()) {
            Begun a = begun(trial);
            Lease lease = a.who().head(a.run()).standing().orElseThrow();
            List<Entry> twice = List.of(Requests.step(lease, 2, "two"), Requests.step(lease, 3, "three"));
            unsent(trial, a, "two entries of one run", () -> a.who().store().append(twice));
            unsent(
                    trial,
                    a,
                    "a page token that is none",
                    () -> a.who().store().list(RunQuery.all().after("nonsense").build()));
            unsent(trial, a, "a signal to nobody", () -> a.who().signal("", Requests.message("m", "n")));
        }
    }

    /** Payloads above the limit (BIG-02). */
    static void unsentPayloads(Trial trial) {
        if (trial.hasWire()) {
            Begun a = begun(trial);
            Lease lease = a.who().head(a.run()).standing().orElseThrow();
            Bytes large = Bytes.copyOf(new byte[trial.facts().limits().entryBytes() + 1]);
            Entry entry = Requests.entry(lease, 2, EntryKind.PLAIN, large);
            unsent(
                    trial,
                    a,
                    "an entry that is too large",
                    () -> Operation.orThrown(a.who().append(entry)));
            Bytes payload = Bytes.copyOf(new byte[trial.facts().limits().payloadBytes() + 1]);
            unsent(
                    trial,
                    a,
                    "a signal that is too large",
                    () -> a.who().signal(a.run(), new Message("m", "n", payload)));
            trial.is(Appended.Written.class, "the next step written", a.who().step(lease, 2, "two"));
        }
    }

    /** A process that has a run with one step. */
    private record Begun(Wired wired, String run) {
        Instance who() {
            return wired.who();
        }

        Wire wire() {
            return wired.wire();
        }
    }

    private static Begun begun(Trial trial) {
        Wired a = trial.wired("A");
        String run = trial.freshRun("begun");
        a.who().steps(a.who().create(run).lease(), 1, 1);
        return new Begun(a, run);
    }

    private static void unsent(Trial trial, Begun a, String what, Callable<?> call) {
        a.wire().arm(0, Fault.NONE);
        Told ended = Told.of(call);
        int sent = a.wire().disarm();
        trial.that(ended.is(RuntimeException.class), what + " refused", ended);
        trial.equal("requests that are sent of " + what, 0, sent);
    }

    // --- a line that is silent, or gone

    /** A call on a thread of its own. */
    static FutureTask<Told> started(Callable<?> call) {
        FutureTask<Told> task = new FutureTask<>(() -> Told.of(call));
        WireProxy.daemon("cairn-tck-call", task);
        return task;
    }

    static Told ended(Trial trial, String what, FutureTask<Told> task) {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            trial.that(false, what + " ended", "no end within " + PATIENCE_SECONDS + " s");
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A store is closed while a call is under way (LIFE-03). */
    static void closedMeanwhile(Trial trial) {
        int points = 0;
        for (int request = 1; trial.hasWire() && isClosedAt(trial, request); request++) {
            points++;
        }
        if (trial.hasWire()) {
            trial.tried("a close at " + points + " requests", points);
        }
    }

    private static boolean isClosedAt(Trial trial, int request) {
        String id = trial.freshRun("closed");
        Instance reader = trial.open("B");
        Wired a = trial.wired("A");
        Lease lease = reader.create(id).lease();
        Entry step = Requests.step(lease, 1, "one");
        a.wire().arm(request, Fault.HOLD);
        FutureTask<Told> call = started(() -> Operation.orThrown(a.who().append(step)));
        boolean met = a.wire().isReached(call::isDone);
        if (!met) {
            a.wire().disarm(); // else the request of that number is the one that looks whether it is closed
        }
        FutureTask<Told> close = started(() -> {
            a.who().close();
            return "closed";
        });
        untilOrSoon(() -> close.isDone() || isClosed(a.who()));
        a.wire().release();
        String when = "closed at request " + request + ": ";
        Told ended = ended(trial, when + "the append", call);
        boolean written = StoreOperations.isThere(step, ended.how());
        trial.that(
                written
                        || ended.is(OutcomeUnknownException.class)
                        || ended.is(StoreUnavailableException.class)
                        || ended.is(StoreClosedException.class),
                when + "the append written, or a typed error",
                ended);
        trial.equal(
                when + "the close",
                "closed",
                ended(trial, when + "the close", close).how());
        List<String> steps = reader.read(id).texts();
        boolean maybe = ended.is(OutcomeUnknownException.class);
        trial.that(
                steps.isEmpty() ? !written : written || maybe,
                when + "the step there if, and only if, that was told",
                steps);
        return met;
    }

    private static boolean isClosed(Instance who) {
        return Told.of(() -> who.store().list(RunQuery.all().limit(1).build())).is(StoreClosedException.class);
    }

    /** Waits until it holds, or has not for so long that the rest goes on without it. */
    private static boolean untilOrSoon(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!holds.getAsBoolean() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        return holds.getAsBoolean();
    }

    /** A caller is interrupted at every request (CONC-05). */
    static void interrupted(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Wired a = trial.wired("A");
        Instance reader = trial.open("B");
        int points = 0;
        for (int request = 1; isInterruptedAt(trial, a, reader, request); request++) {
            points++;
        }
        trial.tried("an interrupt at " + points + " requests", points);
    }

    private static boolean isInterruptedAt(Trial trial, Wired a, Instance reader, int request) {
        String id = trial.freshRun("interrupted");
        Lease lease = reader.create(id).lease();
        Entry step = Requests.step(lease, 1, "one");
        a.wire().arm(request, Fault.HOLD);
        FutureTask<Told> call =
                new FutureTask<>(() -> Told.of(() -> Operation.orThrown(a.who().append(step))));
        Thread thread = new Thread(call, "cairn-tck-interrupted");
        thread.start();
        boolean met = a.wire().isReached(call::isDone);
        thread.interrupt();
        a.wire().disarm();
        String when = "interrupted at request " + request + ": ";
        Told ended = ended(trial, when + "the append", call);
        boolean written = StoreOperations.isThere(step, ended.how());
        trial.that(
                written || ended.is(StoreUnavailableException.class) || ended.is(OutcomeUnknownException.class),
                when + "the append written, unavailable or unknown",
                ended);
        List<String> steps = reader.read(id).texts();
        trial.that(
                written ? steps.equals(List.of("one")) : steps.isEmpty() || ended.is(OutcomeUnknownException.class),
                when + "the step there if that was told",
                steps);
        Appended again = Operation.orThrown(a.who().append(step));
        trial.that(StoreOperations.isThere(step, again), when + "the next call served", again);
        return met;
    }

    // --- what is sent, and what stays

    /** After a close nothing stays connected (LEAK-01). */
    static void disconnected(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Begun a = begun(trial);
        trial.atOnce(List.of(
                () -> a.who().read(a.run()), () -> a.who().now(), () -> a.who().read(a.run())));
        a.who().close();
        trial.equal("connections after the close", 0, Resources.liveBeyond(a.wire(), 0));
    }

    /** A step is one round trip, and as many bytes late in a run as early (PERF-01). */
    static void oneRoundTrip(Trial trial) {
        Wired a = trial.wired("A");
        Instance b = trial.open("B");
        Lease lease = b.create("long").lease();
        long early = bytesOf(trial, a, lease, 1);
        boolean hasBytes = trial.facts().nature() == Nature.NETWORKED;
        if (hasBytes) {
            b.steps(lease, 11, 9_989);
            long late = bytesOf(trial, a, lease, 10_000);
            trial.that(
                    late <= early * 105 / 100,
                    "a step at place 10,000 of at most 1.05 times the " + early + " bytes of one at place 10",
                    late + " bytes");
            List<Entry> entries = java.util.stream.IntStream.range(0, 10)
                    .mapToObj(i -> Requests.step(b.create("of many " + i).lease(), 1, "step-0000001"))
                    .toList();
            a.wire().arm(0, Fault.NONE);
            a.who().store().append(entries);
            trial.equal("round trips of a list of ten commits", 1, a.wire().disarm());
        }
    }

    /** Ten steps from this place on; the last one is looked at. */
    private static long bytesOf(Trial trial, Wired a, Lease lease, long from) {
        a.who().steps(lease, from, 9);
        long sent = a.wire().sent();
        a.wire().arm(0, Fault.NONE);
        trial.is(Appended.Written.class, "a step written", a.who().step(lease, from + 9, "step-" + (from + 9)));
        trial.equal("round trips of a step", 1, a.wire().disarm());
        return a.wire().sent() - sent;
    }
}
