// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which exceptions are outcomes and which are attempts (guarantee G7). What a step declares is looked at before what its
 * workflow declares, and what is declared before the policy.
 */
record ErrorRules(
        ErrorPolicy policy,
        List<Class<? extends Throwable>> fails,
        List<Class<? extends Throwable>> retries,
        @Nullable ErrorRules outer) {
    static final ErrorRules DEFAULT = new ErrorRules(ErrorPolicy.RECORD_PERMANENT, List.of(), List.of(), null);

    private static final List<Class<? extends Throwable>> TRANSIENT = List.of(
            IOException.class,
            UncheckedIOException.class,
            TimeoutException.class,
            InterruptedException.class,
            SQLTransientException.class,
            SQLRecoverableException.class,
            StoreUnavailableException.class,
            OutcomeUnknownException.class,
            Error.class);

    private static final List<Class<? extends Throwable>> WRAPPERS = List.of(
            CompletionException.class,
            ExecutionException.class,
            InvocationTargetException.class,
            UndeclaredThrowableException.class);

    ErrorRules failing(Class<? extends Throwable> type) {
        return new ErrorRules(policy, with(fails, type), retries, outer);
    }

    ErrorRules retrying(Class<? extends Throwable> type) {
        return new ErrorRules(policy, fails, with(retries, type), outer);
    }

    ErrorRules under(ErrorPolicy other) {
        return new ErrorRules(other, fails, retries, outer);
    }

    ErrorRules with(
            @Nullable ErrorPolicy stepPolicy,
            List<Class<? extends Throwable>> stepFails,
            List<Class<? extends Throwable>> stepRetries) {
        if (stepPolicy == null && stepFails.isEmpty() && stepRetries.isEmpty()) {
            return this;
        }
        return new ErrorRules(stepPolicy == null ? policy : stepPolicy, stepFails, stepRetries, this);
    }

    /** Whether what a body threw is recorded as the step's outcome. */
    boolean records(Throwable thrown) {
        for (ErrorRules rules = this; rules != null; rules = rules.outer) {
            if (matches(rules.retries, thrown)) {
                return false;
            }
            if (matches(rules.fails, thrown)) {
                return true;
            }
        }
        return switch (policy) {
            case RECORD_ALL -> true;
            case RETRY_ALL -> false;
            case DECLARED_ONLY -> thrown instanceof StepFailure;
            case RECORD_PERMANENT -> !isTransient(thrown);
        };
    }

    /** Whether what the workflow itself threw, outside any step, ends the run as failed. */
    boolean endsRun(Throwable thrown) {
        if (thrown instanceof StepFailedException) {
            return true;
        }
        boolean declared = matches(fails, thrown) || (thrown instanceof StepFailure && policy != ErrorPolicy.RETRY_ALL);
        return declared && !matches(retries, thrown);
    }

    private static boolean isTransient(Throwable thrown) {
        if (matches(TRANSIENT, thrown)) {
            return true;
        }
        Throwable cause = thrown.getCause();
        return cause != null && matches(WRAPPERS, thrown) && isTransient(cause);
    }

    private static boolean matches(List<Class<? extends Throwable>> types, Throwable thrown) {
        return types.stream().anyMatch(type -> type.isInstance(thrown));
    }

    private static List<Class<? extends Throwable>> with(
            List<Class<? extends Throwable>> types, Class<? extends Throwable> type) {
        List<Class<? extends Throwable>> more = new ArrayList<>(types);
        more.add(type);
        return List.copyOf(more);
    }
}
