// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * How long one run took.
 *
 * @param steps how many it did
 * @param whole nanoseconds from before the call to after its answer
 * @param first nanoseconds of a slice of the first tenth of its steps: the median, since a disk that stops once for as long
 *     as a slice takes would be all that is seen
 * @param last the same of the last tenth
 */
record Laps(int steps, long whole, double first, double last) {
    double microsPerStep() {
        return whole / 1_000.0 / steps;
    }

    /** What a step at the end costs by what one at the beginning costs. */
    double growth() {
        return last / first;
    }
}
