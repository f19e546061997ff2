// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.ErrorPolicy;
import dev.cairn.StepFailure;
import dev.cairn.StepOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A way to fail, and what has to become of it.
 *
 * @param isRecorded as an outcome; else it is an attempt
 */
record BodyFault(String name, StepOptions options, Supplier<? extends Throwable> thrown, boolean isRecorded) {
    /** Those that are tried, in this order. */
    static List<BodyFault> all() {
        StepOptions none = StepOptions.none();
        return List.of(
                new BodyFault("plain", none, () -> new IllegalStateException("no"), true),
                new BodyFault("typed", none, () -> new StepFailure("CODE", "no"), true),
                new BodyFault("checked", none, () -> new CloneNotSupportedException("no"), true),
                new BodyFault("sql", none, () -> new SQLException("no"), true),
                new BodyFault("io", none, () -> new IOException("no"), false),
                new BodyFault("io-below", none, () -> new FileNotFoundException("no"), false),
                new BodyFault("late", none, () -> new TimeoutException("no"), false),
                new BodyFault("passing-sql", none, () -> new SQLTransientException("no"), false),
                new BodyFault("error", none, () -> new AssertionError("no"), false),
                new BodyFault("wrapped", none, () -> new CompletionException(new IOException("no")), false),
                new BodyFault("io-fails", none.fails(IOException.class), () -> new IOException("no"), true),
                new BodyFault(
                        "io-fails-not", none.fails(FileNotFoundException.class), () -> new IOException("no"), false),
                new BodyFault(
                        "plain-retries",
                        none.retries(IllegalStateException.class),
                        () -> new IllegalStateException("no"),
                        false),
                new BodyFault(
                        "narrower",
                        none.fails(FileNotFoundException.class).retries(IOException.class),
                        () -> new FileNotFoundException("no"),
                        true),
                new BodyFault(
                        "equal",
                        none.fails(IOException.class).retries(IOException.class),
                        () -> new IOException("no"),
                        false),
                new BodyFault("all", none.policy(ErrorPolicy.RECORD_ALL), () -> new IOException("no"), true),
                new BodyFault("no-one", none.policy(ErrorPolicy.RETRY_ALL), () -> new StepFailure("CODE", "no"), false),
                new BodyFault(
                        "undeclared",
                        none.policy(ErrorPolicy.DECLARED_ONLY),
                        () -> new IllegalStateException("no"),
                        false),
                new BodyFault(
                        "declared", none.policy(ErrorPolicy.DECLARED_ONLY), () -> new StepFailure("CODE", "no"), true),
                new BodyFault("of-the-workflow", none, () -> new ArithmeticException("no"), false),
                new BodyFault(
                        "of-the-step",
                        none.fails(ArithmeticException.class),
                        () -> new ArithmeticException("no"),
                        true));
    }
}
