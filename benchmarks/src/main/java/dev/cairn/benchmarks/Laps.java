// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * How long one run took.
 *
 * @param steps how many it did
 * @param whole nanoseconds from before the call to after its answer
 * @param first nanoseconds of the first tenth of its steps
 * @param last nanoseconds of the last tenth
 */
record Laps(int steps, long whole, long first, long last) {
    double microsPerStep() {
        return whole / 1_000.0 / steps;
    }

    /** What a step at the end costs by what one at the beginning costs. */
    double growth() {
        return (double) last / first;
    }
}
