// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * The work of a step that returns a value. It can run twice, when the process dies between its effect and its record.
 *
 * @param <T> the value
 */
@FunctionalInterface
public interface StepBody<T extends @Nullable Object> {
    /** Does the work. A {@link StepFailure} gives a typed failure; what else is recorded says the step's error policy. */
    T run(Step step) throws Exception;
}
