// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

import java.time.Instant;

/**
 * A try that ended without an outcome: the body runs again on resume.
 *
 * @param key of the step; empty for the workflow function itself
 * @param number which try it was, from 1
 * @param at by the store's clock as last told plus elapsed time
 */
public record Attempt(String key, long number, Instant at, Failure failure) {
    /** Checks the number. */
    public Attempt {
        if (number < 1) {
            throw new IllegalArgumentException("an attempt's number is at least 1, was " + number);
        }
    }
}
