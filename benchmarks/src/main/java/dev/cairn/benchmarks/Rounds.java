// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * The rounds that count, and what is made of them. Ratios are paired: each round gives one, of figures that were taken
 * within seconds of each other, and the median of those is kept. So a machine that slows down for a while falls out.
 *
 * @param failures what went wrong, by contestant
 */
record Rounds(List<Round> rounds, Map<String, String> failures) {
    Rounds {
        rounds = List.copyOf(rounds);
        failures = Map.copyOf(failures);
    }

    /** A contestant's figure. */
    record Of(String contestant, Figure figure) {}

    /** The median over the rounds. */
    Reading median(Of figure) {
        return reading(Set.of(figure.contestant()), round -> round.get(figure.contestant(), figure.figure()).stream());
    }

    /** The median over the rounds of one figure by another. */
    Reading ratio(Of figure, Of by) {
        return reading(Set.of(figure.contestant(), by.contestant()), round -> ratio(round, figure, by));
    }

    /** The median over the rounds and the figures of those of one contestant by the same of another. */
    Reading ratio(String contestant, String by, List<Figure> figures) {
        return reading(
                Set.of(contestant, by),
                round -> figures.stream()
                        .flatMapToDouble(figure -> ratio(round, new Of(contestant, figure), new Of(by, figure))));
    }

    private static DoubleStream ratio(Round round, Of figure, Of by) {
        OptionalDouble above = round.get(figure.contestant(), figure.figure());
        OptionalDouble below = round.get(by.contestant(), by.figure());
        return above.isPresent() && below.isPresent()
                ? DoubleStream.of(above.getAsDouble() / below.getAsDouble())
                : DoubleStream.empty();
    }

    private Reading reading(Set<String> contestants, Function<Round, DoubleStream> values) {
        if (contestants.stream().anyMatch(failures::containsKey)) {
            return new Reading.Failed();
        }
        double[] all = rounds.stream().flatMapToDouble(values).toArray();
        return all.length == 0 ? new Reading.Absent() : new Reading.Measured(median(all));
    }

    /**
     * The middle one, or the mean of the two in the middle.
     *
     * @throws IllegalArgumentException if there is none
     */
    static double median(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a median needs at least 1 value, here are 0");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
