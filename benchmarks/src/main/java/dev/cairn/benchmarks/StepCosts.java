// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.Map;
import java.util.Optional;

/**
 * What one more step costs, counted and not timed: a run with all steps and one with a tenth of them, each on new storage;
 * the difference is that of the steps. So whatever opening and closing cost falls out.
 */
final class StepCosts {
    private static final int BYTES = 100;
    private static final String RUN = RunIds.of("counted", 0, 0);

    private final Backend backend;
    private final String contestant;

    StepCosts(Backend backend, String contestant) {
        this.backend = backend;
        this.contestant = contestant;
    }

    /** Whether the contestant can use such storage at all. */
    boolean isPossible() throws Exception {
        try (Storage storage = backend.createCounted()) {
            Optional<Contestant> entered = Entrants.on(storage, contestant);
            entered.ifPresent(Contestant::close);
            return entered.isPresent();
        }
    }

    /** A phase of a contestant's life whose traffic is counted. */
    private interface Phase {
        /** Answers what was counted in it. */
        Counts of(Storage storage, Load load) throws Exception;
    }

    /** What a new step costs. */
    Counts newStep(int steps) throws Exception {
        return perStep(steps, (storage, load) -> {
            Counts before = storage.counted();
            with(storage, contestant -> contestant.run(RUN, load, Turn.ALONE));
            return storage.counted().since(before);
        });
    }

    /** What a step costs that is recorded, in a run that another process goes on with; nothing of the raw driver. */
    Counts replayedStep(int steps) throws Exception {
        if (contestant.equals(RawContestant.NAME)) {
            return new Counts(Map.of());
        }
        return perStep(steps, (storage, load) -> {
            with(storage, contestant -> {
                if (contestant instanceof Contestant.Resuming resuming) {
                    resuming.record(RUN, load);
                }
            });
            Counts before = storage.counted();
            with(storage, contestant -> {
                if (contestant instanceof Contestant.Resuming resuming) {
                    resuming.resume(RUN, load);
                }
            });
            return storage.counted().since(before);
        });
    }

    private Counts perStep(int steps, Phase phase) throws Exception {
        Load all = new Load(steps, BYTES);
        Load few = new Load(all.tenth(), BYTES);
        return counted(all, phase).since(counted(few, phase)).by(all.steps() - few.steps());
    }

    private Counts counted(Load load, Phase phase) throws Exception {
        try (Storage storage = backend.createCounted()) {
            return phase.of(storage, load);
        }
    }

    private interface Use {
        void of(Contestant contestant) throws Exception;
    }

    private void with(Storage storage, Use use) throws Exception {
        try (Contestant entered = Entrants.on(storage, contestant).orElseThrow()) {
            use.of(entered);
        }
    }
}
