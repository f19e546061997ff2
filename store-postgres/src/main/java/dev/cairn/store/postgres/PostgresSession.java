// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.store.postgres.PostgresConnections.Way;
import dev.cairn.store.postgres.PostgresErrors.Sent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is borrowed, for one call or for many in a row, and what is prepared on it. Not thread-safe. */
final class PostgresSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

    // Parsed requests are kept by whoever parses: one for all stores, since a parse costs more than the request.
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    private static final int NEVER = 0;

    private static final int AT_ONCE = 1;

    /** Reads the row that the result set stands on. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads the results of a request. */
    interface Reader<T> {
        T read(Results results) throws SQLException;
    }

    private final Connection connection;
    private final Way way;
    private final PostgresErrors errors;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private @Nullable Handle handle;
    private String bound = "";

    PostgresSession(Connection connection, Way way, PostgresErrors errors) {
        this.connection = connection;
        this.way = way;
        this.errors = errors;
    }

    /**
     * Tells the driver what the server shall keep prepared. Behind a pooler nothing, which would be on another connection the
     * next time; on connections of our own every statement from its first use on, so that from the second one on results come
     * in binary form, which are half the bytes and a third of the work. (To ask for the types before the first use, as the
     * driver does with -1, mixes the results of several statements up.)
     */
    private static void prepare(PreparedStatement statement, Way way) throws SQLException {
        if (way != Way.LENT && statement.isWrapperFor(PGStatement.class)) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(way == Way.OWN ? AT_ONCE : NEVER);
        }
    }

    private record Prepare(Way way) implements StatementCustomizer {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            prepare(statement, way);
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
        try (Query query = values.apply(handle().createQuery(sql))) {
            return query.execute((statement, context) -> {
                // The driver has read all results by now: the request is over.
                PreparedStatement done = statement.get();
                T result = reader.read(new Results(done));
                requireConfirmed(done);
                return result;
            });
        }
    }

    private Handle handle() {
        Handle opened = handle;
        if (opened == null) {
            opened = Jdbi.create(() -> connection).open();
            SqlStatements statements = opened.getConfig(SqlStatements.class);
            statements.setSqlParser(PARSER).setUnusedBindingAllowed(true).addCustomizer(new Prepare(way));
            handle = opened;
        }
        return opened;
    }

    /** A statement of the plain connection, for the hot path, where JDBI would cost a good part of the insert itself. */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
            prepare(statement, way);
        }
        return statement;
    }

    /** Whether statements wait for a lock as long as this, and no longer, without being told. */
    boolean isBounded(String millis) {
        return bound.equals(millis);
    }

    /** Says that the connection's own bound is this one now. */
    void bounded(String millis) {
        bound = millis;
    }

    /** Whether a setting may outlive the transaction. */
    boolean keepsSettings() {
        return way == Way.OWN;
    }

    /** Asks the server for a sign of life. */
    boolean isAlive() {
        try (Statement empty = connection.createStatement()) {
            empty.execute("");
            return true;
        } catch (SQLException e) {
            LOG.debug("a connection that was idle is dead; the pool replaces it", e);
            return false;
        }
    }

    /** Runs statements of which later ones need what earlier ones make, so that none can be prepared before. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
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
        try (Statement rollback = connection.createStatement()) {
            rollback.execute("rollback"); // a warning, where nothing is open
        } catch (SQLException e) {
            LOG.debug("a connection failed and cannot be rolled back; the pool replaces it", e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            if (handle != null) {
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
