// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.store.postgres.PostgresErrors.Sent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is borrowed for one call. Not thread-safe. */
final class PostgresSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

    /** Reads the row that the result set stands on. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads the results of a request. */
    interface Reader<T> {
        T read(Results results) throws SQLException;
    }

    private final Connection connection;
    private final @Nullable Handle handle;
    private final boolean pooled;
    private final PostgresErrors errors;

    private PostgresSession(Connection connection, @Nullable Handle handle, boolean pooled, PostgresErrors errors) {
        this.connection = connection;
        this.handle = handle;
        this.pooled = pooled;
        this.errors = errors;
    }

    /** A session that only sends plain statements. */
    static PostgresSession plain(Connection connection, boolean pooled, PostgresErrors errors) {
        return new PostgresSession(connection, null, pooled, errors);
    }

    /** A session that sends requests. */
    static PostgresSession of(Handle handle, boolean pooled, PostgresErrors errors) {
        return new PostgresSession(handle.getConnection(), handle, pooled, errors);
    }

    /** How requests are parsed, which is kept, since it costs as much as they do; and how they are sent. */
    static Jdbi jdbi(DataSource source, boolean pooled) {
        Jdbi jdbi = Jdbi.create(source);
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
        if (pooled) {
            jdbi.getConfig(SqlStatements.class).addCustomizer(new PrepareNothing());
        }
        return jdbi;
    }

    private static final class PrepareNothing implements StatementCustomizer {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            prepareNothing(statement);
        }
    }

    /** Does the work, and translates what it throws; a request that failed in the middle is rolled back. */
    <T> T run(PostgresConnections.Work<T> work, Sent sent) {
        boolean done = false;
        try {
            T result = work.on(this);
            done = true;
            return result;
        } catch (SQLException | JdbiException e) {
            throw errors.translate(e, sent);
        } finally {
            if (!done) {
                rollBack();
            }
        }
    }

    /** Sends one request, which may be of several statements, and reads its results once all of it is done. */
    <T> T request(String sql, UnaryOperator<Query> values, Reader<T> reader) {
        try (Query query = values.apply(Objects.requireNonNull(handle).createQuery(sql))) {
            return query.execute((statement, context) -> {
                // The driver has read all results by now: the request is over.
                PreparedStatement done = statement.get();
                T result = reader.read(new Results(done));
                requireConfirmed(done);
                return result;
            });
        }
    }

    /** A statement of the plain connection, for the hot path: JDBI would cost a good part of the insert itself. */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        if (pooled) {
            prepareNothing(statement);
        }
        return statement;
    }

    /** What the server keeps prepared would be on another connection of its own the next time. */
    private static void prepareNothing(PreparedStatement statement) throws SQLException {
        if (statement.isWrapperFor(PGStatement.class)) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
    }

    /** Throws if the write was acknowledged by this server alone, though it should have waited for another one. */
    void requireConfirmed(PreparedStatement statement) throws SQLException {
        if (PostgresErrors.isUnconfirmed(statement.getWarnings())) {
            throw errors.unconfirmed();
        }
    }

    Connection connection() {
        return connection;
    }

    private void rollBack() {
        try (java.sql.Statement rollback = connection.createStatement()) {
            rollback.execute("rollback"); // a warning, where nothing is open
        } catch (SQLException e) {
            LOG.debug("a connection failed and cannot be rolled back; the pool replaces it", e);
        }
    }

    @Override
    public void close() {
        try {
            if (handle == null) {
                connection.close();
            } else {
                handle.close();
            }
        } catch (SQLException | JdbiException e) {
            // What was acknowledged is durable, and the server rolls the rest back.
            LOG.warn("a connection could not be given back", e);
        }
    }

    /** The results of a request, in the order of its statements; those whose first column is {@code _} are passed over. */
    static final class Results {
        private final PreparedStatement statement;
        private boolean begun;

        private Results(PreparedStatement statement) {
            this.statement = statement;
        }

        /** The rows of the next result. */
        <T> List<T> rows(RowMapper<T> mapper) throws SQLException {
            try (ResultSet rows = next()) {
                List<T> list = new ArrayList<>();
                while (rows.next()) {
                    list.add(mapper.map(rows));
                }
                return list;
            }
        }

        /** The first row of the next result, if it has one. */
        <T> Optional<T> row(RowMapper<T> mapper) throws SQLException {
            try (ResultSet rows = next()) {
                return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
            }
        }

        private ResultSet next() throws SQLException {
            boolean isRows = begun ? statement.getMoreResults() : statement.getResultSet() != null;
            begun = true;
            while (isRows || statement.getUpdateCount() >= 0) {
                if (isRows
                        && !statement
                                .getResultSet()
                                .getMetaData()
                                .getColumnLabel(1)
                                .equals("_")) {
                    return statement.getResultSet();
                }
                isRows = statement.getMoreResults();
            }
            throw new AssertionError("the request has fewer results than are read");
        }
    }
}
