// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static dev.cairn.Key.key;

import dev.cairn.Cairn;
import dev.cairn.RunResult;
import dev.cairn.Workflow;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Runs workflows on Cairn through its public API. */
final class CairnContestant implements Contestant.Resuming {
    static final String NAME = "cairn";

    private static final int PAGE_BYTES = 4 << 20;

    private final Supplier<StateStore> opening;
    private final StateStore store;
    private final Cairn cairn;

    /** Opens a store, and again for each resume. */
    CairnContestant(Supplier<StateStore> opening) {
        this.opening = opening;
        this.store = opening.get();
        this.cairn = Cairn.using(store);
    }

    /** Ends a run behind its last step, so that it can be resumed: what an I/O error is for Cairn. */
    private static final class Stopped extends IOException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped behind the last step, to be resumed");
        }

        /** Nobody reads it, and a deep one would be written into the record. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int ready(int runs) {
        return runs;
    }

    @Override
    public Laps run(String runId, Load load, Turn turn) {
        Payload payload = new Payload(load);
        LapClock clock = new LapClock(load, turn);
        Workflow<Load, Integer> workflow = named().define((run, input) -> {
            clock.begin();
            int length = 0;
            for (int i = 0; i < input.steps(); i++) {
                int step = i;
                length += run.step(key("step", i), String.class, s -> payload.text(step))
                        .length();
                clock.done(i);
            }
            return length;
        });
        check(load, cairn.run(workflow, runId, load));
        return clock.laps();
    }

    @Override
    public void record(String runId, Load load) {
        stopBehindTheLastStep(cairn, runId, load, new AtomicInteger());
    }

    @Override
    public long resume(String runId, Load load) {
        AtomicInteger bodies = new AtomicInteger();
        try (StateStore again = opening.get();
                Cairn resuming = Cairn.using(again)) {
            long nanos = stopBehindTheLastStep(resuming, runId, load, bodies);
            if (bodies.get() != 0) {
                throw new IllegalStateException(
                        "the resumed run " + runId + " ran " + bodies + " bodies again; all were recorded");
            }
            return nanos;
        }
    }

    private static long stopBehindTheLastStep(Cairn cairn, String runId, Load load, AtomicInteger bodies) {
        Payload payload = new Payload(load);
        AtomicLong reached = new AtomicLong();
        Workflow<Load, Integer> workflow = named().define((run, input) -> {
            int length = 0;
            for (int i = 0; i < input.steps(); i++) {
                int step = i;
                length += run.step(key("step", i), String.class, s -> {
                            bodies.incrementAndGet();
                            return payload.text(step);
                        })
                        .length();
            }
            reached.set(System.nanoTime());
            check(input, length);
            throw new Stopped();
        });
        long begun = System.nanoTime();
        RunResult<Integer> result = cairn.execute(workflow, runId, load);
        // Up to where the code goes on with what is not recorded; how it stops there is no part of a resume.
        long nanos = reached.get() - begun;
        if (result instanceof RunResult.Interrupted<Integer> interrupted && interrupted.cause() instanceof Stopped) {
            return nanos;
        }
        throw new IllegalStateException("run " + runId + " should have stopped behind its last step, and is " + result);
    }

    private static Workflow.Builder<Load, Integer> named() {
        return Workflow.named("benchmark").input(Load.class).output(Integer.class);
    }

    private static void check(Load load, int length) {
        if (length != load.steps() * load.bytes()) {
            throw new IllegalStateException("the steps returned " + length + " characters, expected were "
                    + load.steps() + " times " + load.bytes());
        }
    }

    /** The entries of the run's journal. */
    List<Entry> entries(String runId) {
        List<Entry> entries = new ArrayList<>();
        Cursor from = new Cursor.Start();
        while (true) {
            Page page = store.read(new Read(runId, from, PAGE_BYTES)).orElseThrow();
            entries.addAll(page.entries());
            Optional<Cursor.After> next = page.next();
            if (next.isEmpty()) {
                return entries;
            }
            from = next.get();
        }
    }

    @Override
    public void close() {
        cairn.close();
        store.close();
    }
}
