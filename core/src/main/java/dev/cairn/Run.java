// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * A run under way, for the code of its workflow. Steps are asked for on the thread that runs the workflow; a step inside a
 * step's body, on a foreign thread, or after the workflow returned is an {@link IllegalStateException}.
 *
 * <p>Each method throws {@link RunStopped}, an {@code Error}, once this execution has ended for another reason than its code:
 * the lease was lost, the store cannot be reached, an attempt was not recorded, the run was cancelled. From then on no body
 * starts (guarantee G2).
 */
public interface Run {
    /** The run's id. */
    String id();

    /**
     * Returns the recorded outcome of a step, or runs its body, records what it ended with, and returns that. When it returns,
     * the outcome is in the store at the store's durability tier. The value is decoded from what is recorded, first time and
     * every time.
     *
     * @param key at most 255 UTF-8 bytes; asked for once in an execution. In loops: {@link Key#key}
     * @throws StepFailedException if the recorded outcome is a failure
     * @throws DuplicateKeyException if the key was asked for before; nothing was written. A run whose code lets it, or one of
     *     the next, pass is blocked: trying again cannot help
     * @throws IllegalArgumentException if the key, type, options or body is none; nothing was written
     * @throws IllegalStateException if no step may be asked for here; nothing was written
     */
    <T extends @Nullable Object> T step(String key, TypeRef<T> type, StepOptions options, StepBody<T> body);

    /** A step without options. */
    default <T extends @Nullable Object> T step(String key, TypeRef<T> type, StepBody<T> body) {
        return step(key, type, StepOptions.none(), body);
    }

    /** A step whose type is a class, with options. */
    default <T extends @Nullable Object> T step(String key, Class<T> type, StepOptions options, StepBody<T> body) {
        return step(key, TypeRef.of(type), options, body);
    }

    /** A step whose type is a class. */
    default <T extends @Nullable Object> T step(String key, Class<T> type, StepBody<T> body) {
        return step(key, TypeRef.of(type), StepOptions.none(), body);
    }

    /** A step that returns nothing. */
    void step(String key, VoidStepBody body);

    /** Like {@code step}, but returns a recorded failure instead of throwing it. */
    <T extends @Nullable Object> Outcome<T> tryStep(String key, TypeRef<T> type, StepOptions options, StepBody<T> body);

    /** Like {@code step}, but returns a recorded failure instead of throwing it. */
    default <T extends @Nullable Object> Outcome<T> tryStep(String key, TypeRef<T> type, StepBody<T> body) {
        return tryStep(key, type, StepOptions.none(), body);
    }

    /** Like {@code step}, but returns a recorded failure instead of throwing it. */
    default <T extends @Nullable Object> Outcome<T> tryStep(String key, Class<T> type, StepBody<T> body) {
        return tryStep(key, TypeRef.of(type), StepOptions.none(), body);
    }

    /**
     * Runs steps side by side and waits for all of them. They are one position of the workflow, whose members may finish and
     * replay in any order. Then throws the failure of the first member, in the order they were started, that has one.
     */
    void parallel(ParallelBody body);

    /** Says how far the run is: at most 1,024 UTF-8 bytes, shown with the next heartbeat or transition. Not recorded. */
    void progress(String text);

    /** Labels the run: at most 16 labels of 64 and 255 UTF-8 bytes; written with the next transition. */
    void label(String name, String value);

    /** What is recorded so far, as a value that can be saved and gone on with. */
    ResumeState state();
}
