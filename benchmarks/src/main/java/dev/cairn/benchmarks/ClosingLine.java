// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.benchmarks.Rounds.Of;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of a store that are held against bars, by the names that scripts look for.
 *
 * @param figures in the order in which they are printed
 */
record ClosingLine(String store, Map<String, Reading> figures) {
    private static final Of RAW_RUN = new Of(RawContestant.NAME, Figure.ONE_RUN);
    private static final Of RAW_RUNS = new Of(RawContestant.NAME, Figure.RUNS_32);
    private static final Of RUN = new Of(CairnContestant.NAME, Figure.ONE_RUN);
    private static final Of RUNS = new Of(CairnContestant.NAME, Figure.RUNS_32);

    static ClosingLine of(StoreResult result) {
        Rounds rounds = result.rounds();
        Map<String, Reading> figures = new LinkedHashMap<>();
        figures.put("one_run_vs_raw", rounds.ratio(RUN, RAW_RUN));
        figures.put("dbos_vs_one_run", rounds.ratio(new Of(DbosContestant.NAME, Figure.ONE_RUN), RUN));
        figures.put("runs32_vs_raw", rounds.ratio(RUNS, RAW_RUNS));
        figures.put("runs128_vs_raw", rounds.ratio(new Of(CairnContestant.NAME, Figure.RUNS_128), RAW_RUNS));
        figures.put("runs32_vs_dbos", rounds.ratio(RUNS, new Of(DbosContestant.NAME, Figure.RUNS_32)));
        figures.put(
                "growth",
                rounds.ratio(CairnContestant.NAME, RawContestant.NAME, List.of(Figure.GROWTH, Figure.GROWTH_LARGE)));
        figures.put("resume_vs_raw", rounds.ratio(CairnContestant.NAME, RawContestant.NAME, List.of(Figure.RESUME)));
        figures.put("round_trips", result.newStep(CairnContestant.NAME, Count.REQUESTS));
        figures.put("engine_us", result.store().equals(MemoryBackend.NAME) ? rounds.median(RUN) : new Reading.Absent());
        return new ClosingLine(result.store(), figures);
    }

    /** The line, without its end. */
    String text() {
        StringBuilder line = new StringBuilder("store=").append(store);
        figures.forEach(
                (name, reading) -> line.append(' ').append(name).append('=').append(reading.text()));
        return line.toString();
    }
}
