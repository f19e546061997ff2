// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.append;
import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.spi.StoreOptions;
import dev.cairn.store.postgres.PostgresConnections.Way;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are lent, and those that are kept from one write to the next. */
@Timeout(120)
final class ConnectionsTest {
    private static final String OURS =
            "from pg_stat_activity where application_name = 'cairn' and datname = current_database()"
                    + " and usename = current_user";

    @Test
    @DisplayName("writes that follow each other are made on one connection")
    void isKept() {
        try (TestSchema schema = new TestSchema()) {
            PostgresStateStore store = schema.open();
            Lease lease = createRun(store, "r");
            for (int place = 1; place <= 20; place++) {
                assertThat(append(store, step(lease, place))).isEqualTo(new Appended.Written());
            }
            assertThat(schema.query("select count(*) " + OURS)).containsExactly("1");
        }
    }

    @Test
    @DisplayName(
            "a connection that died while it was idle is replaced, and the write that finds it so is none of unknown outcome")
    void diedWhileIdle() {
        try (TestSchema schema = new TestSchema();
                HikariDataSource pool = poolOfOne(schema);
                PostgresConnections connections = new PostgresConnections(
                        pool, Way.OWN, Duration.ZERO, () -> {}, new PostgresErrors("the test's"))) {
            String first = connections.write(ConnectionsTest::backend);
            assertThat(connections.<String>write(ConnectionsTest::backend)).isEqualTo(first);

            assertThat(schema.query("select pg_terminate_backend(" + first + ", 10000)"))
                    .containsExactly("t");

            assertThat(connections.<String>write(ConnectionsTest::backend)).isNotEqualTo(first);
        }
    }

    private static String backend(PostgresSession session) throws SQLException {
        try (ResultSet row = session.statement("select pg_backend_pid()").executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    @DisplayName("LEASE-13 the bound holds for every entry on a connection, and not only for the one that set it")
    void boundIsKept() throws Exception {
        try (TestSchema schema = new TestSchema()) {
            PostgresStateStore store = schema.open(
                    StoreOptions.builder().lockBound(Duration.ofMillis(100)).build());
            Lease lease = createRun(store, "r");
            assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
            assertThat(append(store, step(lease, 2))).isEqualTo(new Appended.Written());
            try (Connection lock = schema.connect();
                    Statement statement = lock.createStatement()) {
                lock.setAutoCommit(false);
                statement.execute("insert into cairn_entry select journal, 3, kind, token, lease_id, gen_random_uuid(),"
                        + " checksum, body from cairn_entry where place = 2");

                Appended answer = append(store, step(lease, 3));

                assertThat(answer)
                        .isInstanceOfSatisfying(
                                Appended.Failed.class,
                                failed -> assertThat(failed.cause())
                                        .isInstanceOf(StoreUnavailableException.class)
                                        .hasMessageContaining("55P03"));
                lock.rollback();
            }
            assertThat(append(store, step(lease, 3))).isEqualTo(new Appended.Written());
        }
    }

    @Test
    @DisplayName("a connection that was lent is given back after each write, with nothing set or prepared on it by us")
    void isGivenBack() throws Exception {
        try (TestSchema schema = new TestSchema();
                HikariDataSource pool = poolOfOne(schema)) {
            PostgresStateStore store = schema.keep(
                    PostgresStateStore.builder(pool).schemaName(schema.name).open());
            Lease lease = createRun(store, "r");
            for (int place = 1; place <= 3; place++) {
                assertThat(append(store, step(lease, place))).isEqualTo(new Appended.Written());
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            }

            try (Connection same = pool.getConnection();
                    Statement statement = same.createStatement();
                    ResultSet row = statement.executeQuery("select current_setting('lock_timeout'),"
                            + " (select count(*) from pg_prepared_statements)")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("0");
                assertThat(row.getInt(2)).isZero(); // the driver's own default is five uses
            }
        }
    }

    private static HikariDataSource poolOfOne(TestSchema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.server.jdbcUrl());
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }
}
