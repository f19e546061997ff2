// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.List;
import java.util.Map;

/** Results with numbers that are easy to divide. */
final class Results {
    private Results() {}

    /** A store that has everything. */
    static StoreResult full(Map<String, String> failures) {
        Round round = new Round();
        put(round, "raw", 100, 20_000, 10);
        put(round, "cairn", 108, 32_000, 12);
        put(round, "dbos", 291.6, 4_000, 500);
        round.put("cairn", Figure.RUNS_128, 44_000);
        round.put("cairn", Figure.GROWTH, 1.01);
        round.put("raw", Figure.GROWTH, 1.0);
        round.put("cairn", Figure.GROWTH_LARGE, 1.03);
        round.put("raw", Figure.GROWTH_LARGE, 1.0);
        Counts counts = new Counts(Map.of(Count.REQUESTS, 1.0, Count.DISK, 300.0));
        return new StoreResult(
                "postgres",
                Map.of("product", "PostgreSQL <15>"),
                new Rounds(List.of(round), failures),
                Map.of("cairn", new Costs(counts, new Counts(Map.of()))));
    }

    private static void put(Round round, String contestant, double micros, double perSecond, double resumed) {
        round.put(contestant, Figure.ONE_RUN, micros);
        round.put(contestant, Figure.RUNS_32, perSecond);
        round.put(contestant, Figure.RESUME, resumed);
    }

    /** The store in memory. */
    static StoreResult memory() {
        Round round = new Round();
        round.put("cairn", Figure.ONE_RUN, 0.9);
        round.put("cairn", Figure.GROWTH, 1.0);
        return new StoreResult("memory", Map.of(), new Rounds(List.of(round), Map.of()), Map.of());
    }
}
