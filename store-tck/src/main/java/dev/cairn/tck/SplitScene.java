// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Cairn;
import dev.cairn.JacksonPayloadCodec;
import dev.cairn.PayloadCodec;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunListener;
import dev.cairn.RunSummary;
import dev.cairn.Step;
import dev.cairn.StepFailure;
import dev.cairn.Workflow;
import dev.cairn.error.CairnException;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A split storage, the processes on it, and what they do there: a workflow of four steps whose bodies are watched. What
 * must not be is written down as a fault.
 */
final class SplitScene implements AutoCloseable {
    static final Set<String> STEPS = Set.of("charge", "reserve", "pack", "book");

    private static final Duration LEASE = Duration.ofSeconds(10);
    /** Shared: it learns the types once. */
    private static final PayloadCodec CODEC = new JacksonPayloadCodec();

    private final Splitting.Storage storage;
    private final Optional<ResumeState> saved;
    private final AtomicLong millis = new AtomicLong(1_900_000_000_000L);
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> bodies = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Cairn other;
    private volatile String failing = "";
    private volatile String tiring = "";
    private volatile boolean signalled;
    private volatile boolean cancelled;

    private SplitScene(Splitting splitting, Optional<ResumeState> saved) {
        this.storage = splitting.storage(StoreOptions.defaults());
        this.saved = saved;
        this.other = process(AtPoint.never());
    }

    /**
     * An empty one.
     *
     * @param saved a run to take in there
     */
    static SplitScene empty(Splitting splitting, ResumeState saved) {
        return new SplitScene(splitting, Optional.of(saved));
    }

    /** A run under way, from another storage. */
    static ResumeState saved(Splitting splitting) {
        try (SplitScene scene = new SplitScene(splitting, Optional.empty())) {
            scene.byAnother(cairn -> scene.interrupted(cairn, "book"));
            return scene.read("r").orElseThrow();
        }
    }

    ResumeState saved() {
        return saved.orElseThrow();
    }

    // --- processes

    private Cairn process(Splitting.Gate gate) {
        RunListener listener = new RunListener() {
            @Override
            public void stepRecorded(String runId, String key) {
                acknowledged.add(key);
            }
        };
        // The host's clocks go as the store's: a holder whose lease ran out knows it.
        return Cairn.builder(storage.open(gate))
                .codec(CODEC)
                .lease(LEASE)
                .patience(Duration.ZERO)
                .holder("process")
                .clocks(() -> Instant.ofEpochMilli(millis.get()), () -> millis.get() * 1_000_000)
                .listener(listener)
                .build();
    }

    /** What a process does. */
    interface Does {
        void by(Cairn cairn);
    }

    /** A process that meets a gate; how that ended. */
    Ended by(Splitting.Gate gate, Does what) {
        return Ended.of(() -> {
            try (Cairn cairn = process(gate)) {
                what.by(cairn);
            }
            return "done";
        });
    }

    /** The other process, which nothing befalls; that it is refused is no fault. */
    void byAnother(Does what) {
        try {
            what.by(other);
        } catch (CairnException refused) {
            // The check of what is left says whether that was right.
        } catch (RuntimeException broken) {
            faults.add("another process threw " + Thrown.name(broken));
        }
    }

    /** Another process, which dies when it has taken the lease of the run and not written its grant. */
    void takenByTheDying() {
        by(AtPoint.dying(2), cairn -> cairn.resume(workflow(), "r"));
    }

    void leasesRunOut() {
        Duration time = LEASE.plusMillis(1);
        storage.pass(time);
        millis.addAndGet(time.toMillis());
    }

    // --- what they do

    /** From now on the body of this step fails; an empty key: none. */
    void failing(String key) {
        failing = key;
    }

    /** From now on the body of this step meets a transient error; an empty key: none. */
    void tiring(String key) {
        tiring = key;
    }

    void signal(Cairn cairn) {
        if (cairn.runs().signal("r", "s-1", "approved", "yes") == Signalled.STORED) {
            signalled = true;
        }
    }

    void cancel(Cairn cairn) {
        if (cairn.runs().cancel("r") == RunStatus.CANCELLED) {
            cancelled = true;
        }
    }

    Workflow<String, String> workflow() {
        return Worker.workflow((run, order) -> {
            step(run, "charge");
            run.parallel(group -> {
                group.step("reserve", String.class, step -> body(run, step));
                group.step("pack", String.class, step -> body(run, step));
            });
            return step(run, "book");
        });
    }

    private String step(Run run, String key) {
        return run.step(key, String.class, step -> body(run, step));
    }

    private String body(Run run, Step step) throws IOException {
        if (isRecorded(run.id(), step.key())) {
            faults.add("the body of " + step.key() + " ran although it was recorded");
        }
        bodies.merge(step.idempotencyKey(), 1, Integer::sum);
        if (step.key().equals(failing)) {
            throw new StepFailure("DECLINED", "declined");
        }
        if (step.key().equals(tiring)) {
            throw new IOException("again");
        }
        return step.key();
    }

    /** Leaves a run whose first execution ended at this step, by a transient error. */
    void interrupted(Cairn cairn, String key) {
        tiring = key;
        cairn.execute(workflow(), "r", Worker.INPUT);
        tiring = "";
    }

    // --- what is stored

    Optional<ResumeState> read(String runId) {
        return other.runs().read(runId);
    }

    boolean isRecorded(String runId, String key) {
        return read(runId).filter(state -> state.isStepComplete(key)).isPresent();
    }

    /** Once an end was acknowledged, no signal is (contract SIG-05). */
    void takesNoSignal() {
        byAnother(cairn -> faultUnless(
                cairn.runs().signal("r", "late", "approved", "yes") == Signalled.ENDED, "an ended run took a signal"));
    }

    /** Lets a worker bring everything to its end; then, what is not as it must be. */
    List<String> settled(SplitAct act, boolean repeated) {
        leasesRunOut();
        leasesRunOut();
        byAnother(cairn -> cairn.recover(workflow()));
        Optional<ResumeState> found = read("r");
        faultUnless(found.isPresent() || act.replaces() || acknowledged.isEmpty(), "the run is gone");
        found.ifPresent(state -> checkEnded(act, state));
        if (repeated) {
            act.check(this, found);
        }
        bodies.values().forEach(times -> faultUnless(times <= 3, "a body ran " + times + " times"));
        return List.copyOf(faults);
    }

    private void checkEnded(SplitAct act, ResumeState state) {
        faultUnless(state.status().isTerminal(), "the run is " + state.status());
        List<RunSummary> listed = other.runs().list(RunQuery.all().build()).runs();
        faultUnless(
                listed.size() == 1 && listed.get(0).status() == state.status(),
                "the head shows another status than the journal's, " + state.status());
        Set<String> kept = new HashSet<>();
        state.steps().forEach(step -> kept.add(step.key()));
        faultUnless(
                state.status() != RunStatus.COMPLETED || kept.equals(STEPS), "the run completed with steps " + kept);
        state.history().forEach(step -> kept.add(step.key()));
        faultUnless(
                act.replaces() || kept.containsAll(acknowledged),
                "of the acknowledged steps " + acknowledged + " there are " + kept);
        faultUnless(!cancelled || state.status() == RunStatus.CANCELLED, "a cancelled run is " + state.status());
        faultUnless(
                state.messages().size() <= 1
                        && (act.replaces() || !signalled || !state.messages().isEmpty()),
                "a signal that was acknowledged is there " + state.messages().size() + " times");
        takesNoSignal();
        byAnother(cairn -> faultUnless(cairn.recover(workflow()) == 0, "an ended run was claimed"));
        faultUnless(read("r").equals(Optional.of(state)), "an ended run changed");
    }

    void faultUnless(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    @Override
    public void close() {
        other.close();
    }
}
