// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** Lines that are silent, or gone, and heal again (CRASH-07). */
final class SilentLines {
    private static final int TRIES = 20;

    private SilentLines() {}

    /** No answer comes, or nobody is there; then the network heals (CRASH-07). */
    static void healed(Trial trial) {
        Instance reader = trial.open("B");
        boolean hasLines = trial.facts().nature() == Nature.NETWORKED;
        List<Fault> faults = hasLines ? List.of(Fault.BLACK_HOLE, Fault.HALF_OPEN) : List.of(Fault.CUT_BEFORE);
        List<Silent> all = new ArrayList<>();
        for (Fault fault : faults) {
            all.add(silent(trial, reader, fault.toString(), wire -> wire.armFrom(1, fault)));
        }
        all.add(silent(trial, reader, "refused", Wire::refuse));
        all.forEach(one -> givenUp(trial, one)); // all of them wait at the same time
        all.forEach(one -> recovered(trial, reader, one));
    }

    /** A process whose line is silent, and the calls that it began then. */
    private record Silent(Wired a, String id, String what, Map<String, FutureTask<Told>> asked) {}

    private static Silent silent(Trial trial, Instance reader, String what, Consumer<Wire> begins) {
        Wired a = trial.wired("A");
        String id = trial.freshRun("silent");
        Lease lease = reader.create(id).lease();
        a.who().find(id);
        begins.accept(a.wire());
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("an append", () -> Operation.orThrown(a.who().step(lease, 1, "one")));
        calls.put("a signal", () -> a.who().signal(id, Requests.message("m", "n")));
        calls.put("a read", () -> a.who().store().read(new Read(id, new Cursor.Start(), 1)));
        calls.put("a list", () -> a.who().store().list(RunQuery.all().limit(1).build()));
        Map<String, FutureTask<Told>> asked = new LinkedHashMap<>();
        calls.forEach((name, call) -> asked.put(name, WireChecks.started(call)));
        return new Silent(a, id, what, asked);
    }

    private static void givenUp(Trial trial, Silent silent) {
        silent.asked().forEach((name, task) -> {
            String call = name + ", with its requests " + silent.what();
            Told ended = WireChecks.ended(trial, call, task);
            trial.that(
                    ended.is(StoreUnavailableException.class) || ended.is(OutcomeUnknownException.class),
                    call + ", unavailable or unknown",
                    ended);
        });
    }

    private static void recovered(Trial trial, Instance reader, Silent silent) {
        silent.a().wire().mend();
        Read read = new Read(silent.id(), new Cursor.Start(), 1);
        Object healed = "nothing";
        for (int tries = 0; tries < TRIES && !(healed instanceof Optional); tries++) {
            healed = Told.of(() -> silent.a().who().store().read(read)).how();
            trial.that(
                    healed instanceof Optional || healed instanceof CairnException,
                    "when the network has healed after requests " + silent.what() + ", an answer or a typed error",
                    healed);
        }
        trial.is(Optional.class, "an answer within " + TRIES + " calls after requests " + silent.what(), healed);
        List<String> steps = reader.read(silent.id()).texts();
        trial.that(steps.isEmpty() || steps.equals(List.of("one")), "the step there, or not", steps);
    }
}
