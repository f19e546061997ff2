// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * The code of a workflow. It runs again from its beginning on every resume, and must ask for the same steps in the same order.
 *
 * @param <I> the input
 * @param <O> the output
 */
@FunctionalInterface
public interface WorkflowBody<I extends @Nullable Object, O extends @Nullable Object> {
    /** Runs the workflow. */
    O run(Run run, I input) throws Exception;
}
