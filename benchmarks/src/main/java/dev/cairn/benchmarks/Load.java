// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * What one run does.
 *
 * @param steps 1 or more
 * @param bytes of the outcome of each step
 */
record Load(int steps, int bytes) {
    Load {
        if (steps < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "a run has at least 1 step of at least 1 byte, were " + steps + " of " + bytes);
        }
    }

    /** The steps that stand for the beginning of a run, and as many for its end. */
    int tenth() {
        return Math.max(1, steps / 10);
    }
}
