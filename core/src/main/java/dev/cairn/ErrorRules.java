// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.LeaseLostException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which exceptions are outcomes and which are attempts (guarantee G7). What a step declares is looked at before what its
 * workflow declares, and what is declared before the policy; of two classes declared in one place the narrower one counts.
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
            // What another run answers that can be resumed or asked again:
            RunInterruptedException.class,
            RunHeldException.class,
            RunSuspendedException.class,
            LeaseLostException.class,
            StoreClosedException.class,
            Error.class);

    private static final int MAX_WRAPPERS = 16;

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
            Optional<Boolean> declared = rules.declared(thrown);
            if (declared.isPresent()) {
                return declared.get();
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
        return declared(thrown).orElse(thrown instanceof StepFailure && policy != ErrorPolicy.RETRY_ALL);
    }

    /** Whether it is declared an outcome or an attempt here: by the narrowest class that is named, if any is. */
    private Optional<Boolean> declared(Throwable thrown) {
        List<Class<? extends Throwable>> failing = matching(fails, thrown);
        List<Class<? extends Throwable>> retrying = matching(retries, thrown);
        if (failing.isEmpty() && retrying.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(failing.stream()
                .anyMatch(type -> retrying.stream().allMatch(other -> other != type && other.isAssignableFrom(type))));
    }

    private static boolean isTransient(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; inner != null && depth < MAX_WRAPPERS; depth++) {
            if (!matching(TRANSIENT, inner).isEmpty()) {
                return true;
            }
            inner = matching(WRAPPERS, inner).isEmpty() ? null : inner.getCause();
        }
        return false;
    }

    private static List<Class<? extends Throwable>> matching(List<Class<? extends Throwable>> types, Throwable thrown) {
        return types.stream().filter(type -> type.isInstance(thrown)).toList();
    }

    private static List<Class<? extends Throwable>> with(
            List<Class<? extends Throwable>> types, Class<? extends Throwable> type) {
        List<Class<? extends Throwable>> more = new ArrayList<>(types);
        more.add(type);
        return List.copyOf(more);
    }
}
