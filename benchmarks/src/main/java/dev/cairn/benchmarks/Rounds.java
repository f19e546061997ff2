// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

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
        return reading(Set.of(figure.contestant()), round -> round.get(figure.contestant(), figure.figure()));
    }

    /** The median over the rounds of one figure by another. */
    Reading ratio(Of figure, Of by) {
        return reading(Set.of(figure.contestant(), by.contestant()), round -> {
            OptionalDouble above = round.get(figure.contestant(), figure.figure());
            OptionalDouble below = round.get(by.contestant(), by.figure());
            return above.isPresent() && below.isPresent()
                    ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
                    : OptionalDouble.empty();
        });
    }

    private Reading reading(Set<String> contestants, Function<Round, OptionalDouble> value) {
        if (contestants.stream().anyMatch(failures::containsKey)) {
            return new Reading.Failed();
        }
        double[] values = rounds.stream()
                .map(value)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        return values.length == 0 ? new Reading.Absent() : new Reading.Measured(median(values));
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
