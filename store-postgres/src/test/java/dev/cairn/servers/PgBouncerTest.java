// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The pooler that the store is tried with. */
class PgBouncerTest {
    private static final String BACKEND = "SELECT pg_backend_pid()";

    @Test
    @DisplayName("two transactions of one connection may run on different backends")
    void transactionsMoveBetweenBackends() throws SQLException {
        Optional<PgBouncer> started = PgBouncer.inFrontOf(PostgresServer.shared(), 2);
        assumeTrue(started.isPresent(), "pgbouncer is not installed");
        try (PgBouncer bouncer = started.get();
                Connection one = DriverManager.getConnection(bouncer.jdbcUrl());
                Connection other = DriverManager.getConnection(bouncer.jdbcUrl())) {
            String first = backend(one);
            other.setAutoCommit(false);
            String taken = backend(other);

            // The other connection holds the backend that answered first, until its transaction ends.
            String second = backend(one);

            assertThat(taken).isEqualTo(first);
            assertThat(second).isNotEqualTo(first);
            other.commit();
        }
    }

    @Test
    @DisplayName("a closed pgbouncer leaves no process and no folder")
    void closeLeavesNothing() {
        Optional<PgBouncer> started = PgBouncer.inFrontOf(PostgresServer.shared(), 1);
        assumeTrue(started.isPresent(), "pgbouncer is not installed");
        PgBouncer bouncer = started.get();

        ProcessHandle process = bouncer.process();
        boolean ran = !PostmasterProcess.isGone(process);
        bouncer.close();

        assertThat(ran).isTrue();
        assertThat(PostmasterProcess.isGone(process)).isTrue();
        assertThat(bouncer.folder()).doesNotExist();
        assertThat(Ports.isFree(bouncer.port())).isTrue();
    }

    private static String backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(BACKEND)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
