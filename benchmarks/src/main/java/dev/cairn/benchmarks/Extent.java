// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * How much is measured.
 *
 * @param rounds that count
 * @param steps of one run
 */
record Extent(int rounds, int steps) {
    private static final int MOST_STEPS_OF_MANY = 300;
    private static final int LEAST_STEPS_OF_MANY = 10;

    /** Of each of many runs at a time: fewer, for there are many of them. */
    int stepsOfMany() {
        return Math.max(LEAST_STEPS_OF_MANY, Math.min(MOST_STEPS_OF_MANY, steps * 3 / 100));
    }
}
