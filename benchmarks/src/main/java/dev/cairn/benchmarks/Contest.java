// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The timed rounds of one store. Used by one thread. */
final class Contest {
    private static final int SMALL = 100;
    private static final int LARGE = 1_000;
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_REPEATS = 50;
    // Each resume leaves an attempt behind; a run with many of them and no progress is a matter for a person.
    private static final int RESUMES = 3;
    // Reading is over in milliseconds: without so many resumes first, the JVM's compiler would be measured.
    private static final int WARMING_RUNS = 8;

    private final Backend backend;
    private final Extent extent;
    private final Set<String> names;
    private final Failures failures;

    /**
     * Prepares.
     *
     * @param names of those that take part
     */
    Contest(Backend backend, Extent extent, Set<String> names, Failures failures) {
        this.backend = backend;
        this.extent = extent;
        this.names = names;
        this.failures = failures;
    }

    /** One round to warm up, which is thrown away, and those that count. */
    List<Round> run() throws Exception {
        round(0, WARMING_RUNS);
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < extent.rounds(); i++) {
            rounds.add(round(i, 1));
        }
        return rounds;
    }

    private Round round(int number, int resumed) throws Exception {
        Round round = new Round();
        try (Entrants entrants = Entrants.enter(backend, names, failures)) {
            List<Contestant> inTurn = entrants.inTurn(number);
            each(inTurn, contestant -> {
                contestant.ready(1);
                // New storage settles in: plans, first pages, and the files of the write-ahead log, which grow only
                // once.
                contestant.run(RunIds.of("settling in", 0, 0), new Load(extent.steps() / 5, SMALL), Turn.ALONE);
            });
            oneRun(round, inTurn, SMALL, List.of(Figure.ONE_RUN, Figure.GROWTH));
            oneRun(round, inTurn, LARGE, List.of(Figure.ONE_RUN_LARGE, Figure.GROWTH_LARGE));
            each(inTurn, contestant -> manyRuns(round, contestant, 32, Figure.RUNS_32));
            // The others are compared at 32: more connections of the raw driver, or threads of a rival, are no faster.
            each(inTurn, contestant -> {
                if (contestant instanceof CairnContestant) {
                    manyRuns(round, contestant, 128, Figure.RUNS_128);
                }
            });
            resume(round, entrants, inTurn, RunIds.of("resumed", 0, 0));
            // The rival goes on with whatever it finds when it starts: a second run would be a part of its time.
            List<Contestant> readers = inTurn.stream()
                    .filter(contestant -> contestant instanceof CairnContestant || contestant instanceof RawContestant)
                    .toList();
            for (int run = 1; run < resumed; run++) {
                resume(round, entrants, readers, RunIds.of("resumed", 0, run));
            }
        }
        return round;
    }

    private interface Measurement {
        void of(Contestant contestant) throws Exception;
    }

    private void each(List<Contestant> inTurn, Measurement measurement) throws InterruptedException {
        for (Contestant contestant : inTurn) {
            failures.guard(contestant.name(), () -> {
                contestant.ready(1);
                measurement.of(contestant);
            });
        }
    }

    private void rest() throws Exception {
        backend.rest();
        // What one contestant left behind is not collected in the time of the next.
        System.gc();
    }

    /** One run of each, in turns. */
    private void oneRun(Round round, List<Contestant> inTurn, int bytes, List<Figure> figures) throws Exception {
        Load load = new Load(extent.steps(), bytes);
        if (inTurn.isEmpty()) {
            return;
        }
        Turns turns = new Turns(inTurn.size());
        rest();
        Together.nanos(
                inTurn.size(),
                i -> turns.take(i, turn -> {
                    Contestant contestant = inTurn.get(i);
                    failures.guard(contestant.name(), () -> {
                        List<Laps> laps = repeated(contestant, load, turn);
                        double[] micros =
                                laps.stream().mapToDouble(Laps::microsPerStep).toArray();
                        double[] growths =
                                laps.stream().mapToDouble(Laps::growth).toArray();
                        round.put(contestant.name(), figures.get(0), Rounds.median(micros));
                        round.put(contestant.name(), figures.get(1), Rounds.median(growths));
                    });
                }));
    }

    /** Runs that are over at once are repeated, else the clock would be measured. */
    private static List<Laps> repeated(Contestant contestant, Load load, Turn turn) throws Exception {
        List<Laps> laps = new ArrayList<>();
        long worked = 0;
        while (worked < LEAST_NANOS && laps.size() < MOST_REPEATS) {
            Laps one = contestant.run(RunIds.of("one run", load.bytes(), laps.size()), load, turn);
            laps.add(one);
            worked += one.whole();
        }
        return laps;
    }

    private void manyRuns(Round round, Contestant contestant, int runs, Figure figure) throws Exception {
        int atATime = contestant.ready(runs);
        Load load = new Load(extent.stepsOfMany() * runs / atATime, SMALL);
        rest();
        long nanos = Together.nanos(
                atATime, thread -> contestant.run(RunIds.of("one of many", runs, thread), load, Turn.ALONE));
        round.put(contestant.name(), figure, atATime * load.steps() * 1e9 / nanos);
    }

    private void resume(Round round, Entrants entrants, List<Contestant> inTurn, String runId)
            throws InterruptedException {
        Load load = new Load(extent.steps(), SMALL);
        List<Entry> rows = new ArrayList<>();
        // Cairn first: the raw driver reads the very rows that it recorded.
        for (Contestant.Resuming contestant : entrants.all(Contestant.Resuming.class)) {
            if (!inTurn.contains(contestant)) {
                continue;
            }
            failures.guard(contestant.name(), () -> {
                contestant.record(runId, load);
                if (contestant instanceof CairnContestant cairn) {
                    rows.addAll(cairn.entries(runId));
                }
            });
        }
        for (RawContestant raw : entrants.all(RawContestant.class)) {
            failures.guard(raw.name(), () -> {
                rest();
                long nanos = raw.keep(runId, rows);
                if (!rows.isEmpty()) {
                    round.put(raw.name(), Figure.ENTRY_BYTES, nanos / 1e3 / rows.size());
                }
            });
        }
        Map<String, double[]> millis = new HashMap<>();
        for (int i = 0; i < RESUMES; i++) {
            for (Contestant contestant : inTurn) {
                if (!rows.isEmpty() || !(contestant instanceof RawContestant)) {
                    int number = i;
                    failures.guard(contestant.name(), () -> {
                        rest();
                        millis.computeIfAbsent(contestant.name(), name -> new double[RESUMES])[number] =
                                contestant.resume(runId, load) / 1e6;
                    });
                }
            }
        }
        millis.forEach((contestant, values) -> round.put(contestant, Figure.RESUME, Rounds.median(values)));
    }
}
