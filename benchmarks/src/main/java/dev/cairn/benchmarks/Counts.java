// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Numbers of what is counted; a store that does not count something has none of it. */
record Counts(Map<Count, Double> numbers) {
    Counts {
        numbers = Map.copyOf(numbers);
    }

    Optional<Double> of(Count count) {
        return Optional.ofNullable(numbers.get(count));
    }

    Counts since(Counts before) {
        Map<Count, Double> difference = new EnumMap<>(Count.class);
        numbers.forEach(
                (count, number) -> before.of(count).ifPresent(earlier -> difference.put(count, number - earlier)));
        return new Counts(difference);
    }

    Counts by(int steps) {
        Map<Count, Double> quotient = new EnumMap<>(Count.class);
        numbers.forEach((count, number) -> quotient.put(count, number / steps));
        return new Counts(quotient);
    }
}
