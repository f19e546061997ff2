// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentSkipListMap;

/** The figures of one round, by contestant. Safe for use by several threads, each on a contestant of its own. */
final class Round {
    private final Map<String, Map<Figure, Double>> figures = new ConcurrentSkipListMap<>();

    void put(String contestant, Figure figure, double value) {
        figures.computeIfAbsent(contestant, name -> new EnumMap<>(Figure.class)).put(figure, value);
    }

    OptionalDouble get(String contestant, Figure figure) {
        Double value = figures.getOrDefault(contestant, Map.of()).get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** All of them, for the record. */
    Map<String, Map<Figure, Double>> all() {
        return figures;
    }
}
