// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.RunResult;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * How a call ended: with what it returned, or by throwing.
 *
 * @param how the answer, or what was thrown
 */
record Ended(Object how) {
    static Ended of(Callable<?> call) {
        try {
            return new Ended(Objects.requireNonNullElse(call.call(), "nothing"));
        } catch (Throwable thrown) {
            return new Ended(thrown);
        }
    }

    boolean is(Class<?> type) {
        return type.isInstance(how);
    }

    /** Whether the run is blocked by this. */
    boolean isBlockedBy(Class<? extends Throwable> type) {
        return is(RunResult.Blocked.class) && cause().filter(type::isInstance).isPresent();
    }

    /** Whether the execution was ended by this, and the run was not. */
    boolean isInterruptedBy(Class<? extends Throwable> type) {
        return is(RunResult.Interrupted.class)
                && cause().filter(type::isInstance).isPresent();
    }

    /** What was thrown, or what ended the execution. */
    Optional<Throwable> cause() {
        if (how instanceof Throwable thrown) {
            return Optional.of(thrown);
        }
        if (how instanceof RunResult.Blocked<?> blocked) {
            return Optional.of(blocked.cause());
        }
        if (how instanceof RunResult.Failed<?> failed) {
            return Optional.of(failed.failure());
        }
        return how instanceof RunResult.Interrupted<?> interrupted
                ? Optional.of(interrupted.cause())
                : Optional.empty();
    }

    /** What the cause says; nothing, if there is none. */
    String message() {
        return cause().map(Throwable::getMessage).orElse("");
    }

    /** In words, without values. */
    @Override
    public String toString() {
        String by = cause().map(thrown -> thrown.getClass().getName()).orElse("");
        if (how instanceof Throwable) {
            return "threw " + by;
        }
        return how.getClass().getSimpleName() + (by.isEmpty() ? "" : ", by " + by);
    }
}
