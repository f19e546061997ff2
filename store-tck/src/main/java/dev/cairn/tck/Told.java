// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * What the caller of a store was told: an answer, or what was thrown.
 *
 * @param how the one or the other
 */
record Told(Object how) {
    static Told of(Callable<?> call) {
        try {
            return new Told(Objects.requireNonNullElse(call.call(), "nothing"));
        } catch (Throwable thrown) {
            return new Told(thrown);
        }
    }

    boolean is(Class<?> type) {
        return type.isInstance(how);
    }

    /** In words, without values. */
    @Override
    public String toString() {
        return how instanceof Throwable thrown ? "threw " + Thrown.name(thrown) : Words.of(how);
    }
}
