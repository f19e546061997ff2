// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.StateStore;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A storage with a clock that is moved, processes on it, and a workflow of five steps whose bodies are counted. */
final class World {
    static final Duration LEASE = Duration.ofSeconds(10);
    static final List<String> STEPS = List.of("charge", "reserve", "pack", "book", "mail");

    private final Map<String, List<String>> ran = new ConcurrentHashMap<>();
    private final MovableClock clock = MovableClock.create();
    private final StateStore store;
    private final Workflow<String, String> workflow =
            Workflow.named("fulfil").input(String.class).output(String.class).define(this::fulfil);

    private volatile String failing = "";
    private volatile String tiring = "";
    private volatile Duration effort = Duration.ZERO;

    World() {
        this(InMemoryStateStore::open);
    }

    World(Function<MovableClock, StateStore> opened) {
        store = opened.apply(clock);
    }

    MovableClock clock() {
        return clock;
    }

    StateStore store() {
        return store;
    }

    Workflow<String, String> workflow() {
        return workflow;
    }

    /** A process on this storage, which waits for nobody, and whose host has the store's clock. */
    Cairn process() {
        return process(store).build();
    }

    Cairn.Builder process(StateStore seen) {
        return Cairn.builder(seen).lease(LEASE).patience(Duration.ZERO).clocks(clock, () -> clock.millis() * 1_000_000);
    }

    /** Lets every lease run out. */
    void leasesRunOut() {
        clock.advance(LEASE.plusMillis(1));
    }

    /** From now on the body of this step fails; an empty key: none. */
    World failing(String key) {
        failing = key;
        return this;
    }

    /** From now on the body of this step meets a transient error; an empty key: none. */
    World tiring(String key) {
        tiring = key;
        return this;
    }

    /** From now on every body takes so long. */
    World slow(Duration each) {
        effort = each;
        return this;
    }

    /** The idempotency keys of all bodies that began, of one step of one run. */
    List<String> ran(String runId, String key) {
        return ran.getOrDefault(runId + "/" + key, List.of());
    }

    /** Somebody takes a run over, as a worker does whose clock says that the lease has run out. */
    Granted taken(String runId) {
        Acquire request = new Acquire(
                runId,
                LeaseId.random(),
                LEASE,
                new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build()),
                EntryCodec.encode(new EntryBody.Grant("other", "host", "", 0, Optional.empty())));
        return (Granted) store.acquire(request);
    }

    ResumeState read(String runId) {
        return Cairn.using(store).runs().read(runId).orElseThrow();
    }

    List<String> recorded(String runId) {
        return read(runId).steps().stream().map(StepRecord::key).toList();
    }

    RunStatus status(String runId) {
        return read(runId).status();
    }

    private String fulfil(Run run, String order) {
        String charge = step(run, "charge", order);
        run.parallel(group -> {
            group.step("reserve", String.class, step -> body(run, step, order));
            group.step("pack", String.class, step -> body(run, step, order));
        });
        String book = step(run, "book", order);
        run.step("mail", step -> {
            body(run, step, order);
        });
        return charge + ", " + book;
    }

    private String step(Run run, String key, String order) {
        return run.step(key, String.class, step -> body(run, step, order));
    }

    private String body(Run run, Step step, String order) throws IOException {
        ran.computeIfAbsent(run.id() + "/" + step.key(), k -> new CopyOnWriteArrayList<>())
                .add(step.idempotencyKey());
        clock.advance(effort);
        if (step.key().equals(failing)) {
            throw new StepFailure("DECLINED", "declined", null);
        }
        if (step.key().equals(tiring)) {
            throw new IOException("try again");
        }
        return step.key() + " of " + order;
    }
}
