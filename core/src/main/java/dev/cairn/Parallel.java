// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/** A group of steps that run side by side: one position, whose members are a set. Their bodies begin when the
 * {@link ParallelBody} has returned, so that a group that does not fit the record runs none. Valid while that runs. */
public interface Parallel {
    /** Starts a member; if its failure is recorded, the group throws it when all members have ended. */
    <T extends @Nullable Object> Member<T> step(String key, TypeRef<T> type, StepOptions options, StepBody<T> body);

    /** Starts a member without options. */
    default <T extends @Nullable Object> Member<T> step(String key, TypeRef<T> type, StepBody<T> body) {
        return step(key, type, StepOptions.none(), body);
    }

    /** Starts a member whose type is a class. */
    default <T extends @Nullable Object> Member<T> step(String key, Class<T> type, StepBody<T> body) {
        return step(key, TypeRef.of(type), StepOptions.none(), body);
    }

    /** Starts a member whose recorded failure is a value: the group does not throw it. */
    <T extends @Nullable Object> Member<Outcome<T>> tryStep(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body);

    /** Starts a member without options, whose recorded failure is a value. */
    default <T extends @Nullable Object> Member<Outcome<T>> tryStep(String key, Class<T> type, StepBody<T> body) {
        return tryStep(key, TypeRef.of(type), StepOptions.none(), body);
    }

    /**
     * A step of the group.
     *
     * @param <T> its value
     */
    interface Member<T extends @Nullable Object> {
        /**
         * The value.
         *
         * @throws StepFailedException if the step's failure is recorded
         * @throws IllegalStateException before the group has ended
         */
        T get();
    }
}
