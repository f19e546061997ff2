// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.append;
import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.store.postgres.PostgresErrors.Sent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@DisplayName("What a SQLSTATE becomes")
final class ErrorsTest {
    private static final Map<String, Class<? extends CairnException>> KINDS = Map.of(
            "unavailable", StoreUnavailableException.class,
            "unknown", OutcomeUnknownException.class,
            "unusable", StorageUnusableException.class,
            "corrupt", CorruptException.class);

    @ParameterizedTest(name = "{0}: {1} before sending, {2} of a read, {3} of a write")
    @CsvSource({
        "08001,unavailable,unavailable,unknown",
        "08003,unavailable,unavailable,unavailable",
        "08006,unavailable,unavailable,unknown",
        "57P01,unavailable,unavailable,unknown",
        "57P02,unavailable,unavailable,unknown",
        "57P03,unavailable,unavailable,unknown",
        "57014,unavailable,unavailable,unavailable",
        "55P03,unavailable,unavailable,unavailable",
        "55006,unavailable,unavailable,unavailable",
        "40001,unavailable,unavailable,unavailable",
        "40P01,unavailable,unavailable,unavailable",
        "40003,unavailable,unavailable,unknown",
        "53100,unavailable,unavailable,unavailable",
        "53300,unavailable,unavailable,unavailable",
        "25006,unavailable,unavailable,unavailable",
        "25P02,unavailable,unavailable,unavailable",
        "28P01,unusable,unusable,unusable",
        "3D000,unusable,unusable,unusable",
        "42501,unusable,unusable,unusable",
        "42P01,unusable,unusable,unusable",
        "42P05,unusable,unusable,unusable",
        "26000,unusable,unusable,unusable",
        "0A000,unusable,unusable,unusable",
        "22P02,unusable,unusable,unusable",
        "23505,unusable,unusable,unusable",
        "XX000,unavailable,unavailable,unavailable",
        "XX001,corrupt,corrupt,corrupt",
        "58030,unavailable,unavailable,unavailable"
    })
    @DisplayName("the table of docs/postgres.md")
    void table(String state, String nothing, String read, String write) {
        PostgresErrors errors = new PostgresErrors("PostgreSQL db:5432/orders");
        SQLException cause = new SQLException("secret text of the server", state);
        Map<Sent, String> expected = Map.of(Sent.NOTHING, nothing, Sent.READ, read, Sent.WRITE, write);
        for (Sent sent : Sent.values()) {
            CairnException translated = errors.translate(cause, sent);

            assertThat(translated)
                    .isExactlyInstanceOf(KINDS.get(expected.get(sent)))
                    .hasCause(cause);
            assertThat(translated.getMessage())
                    .startsWith("PostgreSQL db:5432/orders: ")
                    .contains("SQLSTATE " + state)
                    .doesNotContain("secret");
        }
    }

    @Test
    @DisplayName("a deadlock or a serialization failure is repeated, with a bound")
    void repeatedWithBound() {
        try (TestSchema schema = new TestSchema()) {
            schema.open().close();
            AtomicInteger failures = new AtomicInteger();
            PostgresStateStore store = schema.keep(PostgresStateStore.builder(failing(schema.source(), failures))
                    .schemaName(schema.name)
                    .open());
            Lease lease = createRun(store, "r");

            failures.set(4);
            assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
            assertThat(failures).hasValue(0);

            failures.set(100);
            assertThat(append(store, step(lease, 2)))
                    .isInstanceOfSatisfying(
                            Appended.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .isInstanceOf(StoreUnavailableException.class)
                                    .hasMessageContaining("40P01"));
            assertThat(failures).hasValue(95);
        }
    }

    /** A DataSource whose statements are the victims of a deadlock so many times, before they do anything. */
    private static DataSource failing(DataSource source, AtomicInteger failures) {
        return proxy(DataSource.class, source, failures);
    }

    private static <T> T proxy(Class<T> type, T real, AtomicInteger failures) {
        return type.cast(Proxy.newProxyInstance(
                ErrorsTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (real instanceof PreparedStatement
                            && method.getName().startsWith("execute")
                            && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new SQLException("deadlock detected", "40P01");
                    }
                    Object answer;
                    try {
                        answer = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (answer instanceof Connection connection
                            && method.getName().equals("getConnection")) {
                        return proxy(Connection.class, connection, failures);
                    }
                    return answer instanceof PreparedStatement statement
                                    && method.getName().equals("prepareStatement")
                            ? proxy(PreparedStatement.class, statement, failures)
                            : answer;
                }));
    }
}
