// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

import java.time.Duration;
import java.time.Instant;

/**
 * A recorded step.
 *
 * @param position its place in the order of the code, from 0; the members of a parallel group share one
 * @param round how often the key was forgotten before
 * @param at when it began, by the store's clock as last told plus elapsed time
 * @param took how long the body ran, in milliseconds
 */
public record StepRecord(
        String key,
        int position,
        Grouping grouping,
        int round,
        Source source,
        Instant at,
        Duration took,
        StepOutcome outcome) {
    /** Checks the numbers. */
    public StepRecord {
        Names.check("step key", key);
        if (position < 0 || round < 0 || took.isNegative()) {
            throw new IllegalArgumentException("position, round and duration of a step are at least 0, were " + position
                    + ", " + round + ", " + took + " (step " + key + ")");
        }
    }

    /** Whether the step stands alone at its position. */
    public enum Grouping {
        /** Alone. */
        SINGLE,
        /** One of a parallel group. */
        MEMBER
    }

    /** Where the outcome came from. */
    public enum Source {
        /** The body ran. */
        BODY,
        /** A step cache had it. */
        CACHE
    }
}
