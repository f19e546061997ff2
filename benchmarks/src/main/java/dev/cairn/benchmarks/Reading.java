// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;

/** A figure as it is shown: a number, none, or that of a contestant that failed. */
sealed interface Reading {
    /** As it stands in tables and closing lines. */
    String text();

    /** The number, if there is one. */
    OptionalDouble number();

    /** A number. */
    record Measured(double value) implements Reading {
        @Override
        public String text() {
            return String.format(Locale.ROOT, "%.2f", value);
        }

        @Override
        public OptionalDouble number() {
            return OptionalDouble.of(value);
        }
    }

    /** The store has no such figure, or it was not asked for. */
    record Absent() implements Reading {
        @Override
        public String text() {
            return "-";
        }

        @Override
        public OptionalDouble number() {
            return OptionalDouble.empty();
        }
    }

    /** A contestant failed that this figure needs. */
    record Failed() implements Reading {
        @Override
        public String text() {
            return "failed";
        }

        @Override
        public OptionalDouble number() {
            return OptionalDouble.empty();
        }
    }
}
