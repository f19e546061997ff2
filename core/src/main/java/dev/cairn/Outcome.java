// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * The recorded outcome of a step, as a value.
 *
 * @param <T> the step's value
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /** The value, or the recorded failure thrown. */
    T get();

    /**
     * The step ended with a value.
     *
     * @param value it returned
     */
    record Succeeded<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T get() {
            return value;
        }

        /** Without the value: it may hold what no log should show. */
        @Override
        public String toString() {
            return "Succeeded";
        }
    }

    /**
     * The step's failure is recorded.
     *
     * @param failure as {@code step} would throw it
     */
    record Failed<T extends @Nullable Object>(StepFailedException failure) implements Outcome<T> {
        @Override
        public T get() {
            throw failure;
        }
    }
}
