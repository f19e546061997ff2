// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Millis;
import dev.cairn.state.Bytes;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/** A connection, its JDBI handle, and the statements that are kept ready on it. Not thread-safe. */
final class SqliteSession {
    /** Opens a connection, or borrows one. */
    interface Opening {
        Connection open() throws SQLException;
    }

    /** Where connections come from; one that it gave is closed once, and what was set on it is set back. */
    record Source(Opening writer, Opening reader) {}

    private static final Logger LOG = LoggerFactory.getLogger(SqliteSession.class);
    /** One for all, with what it has parsed: each connection has a Jdbi of its own, which would parse all anew. */
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    /** Reads the row that the result set stands on. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Handle handle;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final long busyBefore;
    private boolean inTransaction;

    private SqliteSession(Connection connection, Duration busy) throws SQLException {
        this.connection = connection;
        this.handle = Jdbi.open(connection);
        handle.getConfig(SqlStatements.class).setSqlParser(PARSER);
        handle.setStatementBuilder(new ReadyStatements());
        // Its prepared arguments would come before ours, and keep ids as text and times rounded down.
        handle.getConfig(Arguments.class).setPreparedArgumentsEnabled(false);
        handle.registerArgument((ArgumentFactory) SqliteSession::argument);
        requireAutoCommit();
        this.busyBefore = number("PRAGMA busy_timeout");
        busyTimeout(busy);
    }

    /** A session on a connection, which it closes; also if this throws. */
    static SqliteSession open(Connection connection, Duration busy) throws SQLException {
        boolean opened = false;
        try {
            SqliteSession session = new SqliteSession(connection, busy);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    /** Connections of our own to a file. */
    static Source of(Path file) {
        // As a URI, so that no character of the path is an option to the driver.
        String url = "jdbc:sqlite:" + file.toUri().toASCIIString();
        SQLiteConfig writing = new SQLiteConfig();
        writing.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        writing.enableFullSync(true); // on macOS a plain sync does not reach the disk
        writing.setGetGeneratedKeys(false); // else the driver asks for the last key after every insert
        SQLiteConfig reading = new SQLiteConfig();
        reading.setReadOnly(true);
        return new Source(() -> writing.createConnection(url), () -> reading.createConnection(url));
    }

    /** Connections of the team's; nothing that lasts is set on them. */
    static Source of(DataSource source) {
        return new Source(source::getConnection, source::getConnection);
    }

    /** Runs a statement with its named values, name and value in turn; answers how many rows it changed. */
    int update(String sql, @Nullable Object... named) {
        return updateWith(sql, update -> bind(update, named));
    }

    /** Runs a statement whose values are many. */
    int updateWith(String sql, UnaryOperator<Update> values) {
        try (Update update = handle.createUpdate(sql)) {
            return values.apply(update).execute();
        }
    }

    void script(String sql) {
        handle.createScript(sql).execute();
    }

    <T> List<T> rows(String sql, RowMapper<T> mapper, @Nullable Object... named) {
        return rowsWith(sql, mapper, query -> bind(query, named));
    }

    <T> Optional<T> row(String sql, RowMapper<T> mapper, @Nullable Object... named) {
        return rows(sql, mapper, named).stream().findFirst();
    }

    /** Reads rows by a query whose values are many. */
    <T> List<T> rowsWith(String sql, RowMapper<T> mapper, UnaryOperator<Query> values) {
        try (Query query = handle.createQuery(sql)) {
            return values.apply(query).map((row, context) -> mapper.map(row)).list();
        }
    }

    private static <S extends SqlStatement<S>> S bind(S statement, @Nullable Object... named) {
        for (int i = 0; i < named.length; i += 2) {
            statement.bind((String) Objects.requireNonNull(named[i]), stored(named[i + 1]));
        }
        return statement;
    }

    /** Values as SQLite keeps them: ids as 16 bytes, times and durations as whole milliseconds, never rounded down. */
    private static @Nullable Object stored(@Nullable Object value) {
        if (value instanceof UUID id) {
            return ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }
        if (value instanceof Instant instant) {
            return Millis.ceil(instant);
        }
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        return value instanceof Bytes bytes ? bytes.toArray() : value;
    }

    private static Optional<Argument> argument(Type type, @Nullable Object value, ConfigRegistry config) {
        boolean ours = value instanceof UUID || value instanceof Instant || value instanceof Bytes;
        return ours
                ? Optional.of((at, statement, context) -> statement.setObject(at, stored(value)))
                : Optional.empty();
    }

    /** Keeps what is prepared for the next time: preparing costs more than running. */
    private final class ReadyStatements extends DefaultStatementBuilder {
        @Override
        public PreparedStatement create(Connection on, String sql, StatementContext context) throws SQLException {
            return statement(sql);
        }

        @Override
        public void close(Connection on, String sql, Statement statement) throws SQLException {
            if (!(statement instanceof PreparedStatement)) {
                statement.close();
            }
        }
    }

    /** A statement of the plain connection with its values, for the hot path: JDBI costs as much as the insert itself. */
    PreparedStatement statement(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, stored(values[i]));
        }
        return statement;
    }

    /** Begins as said: a deferred transaction that reads and then writes would end in BUSY_SNAPSHOT. */
    boolean begin(String sql) throws SQLException {
        statement(sql).execute();
        inTransaction = true;
        return true;
    }

    void commit() throws SQLException {
        statement("COMMIT").execute();
        inTransaction = false;
    }

    void rollBack() throws SQLException {
        if (inTransaction) {
            inTransaction = false;
            statement("ROLLBACK").execute();
        }
    }

    private static final String NOW = "SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";

    /** SQLite's clock, in milliseconds, the only one that is stored or compared; fixed per statement, so read it after locking. */
    Instant now() throws SQLException {
        return Instant.ofEpochMilli(number(NOW));
    }

    /** The real path of the database. */
    Path file() throws SQLException {
        String file = text("SELECT file FROM pragma_database_list WHERE name = 'main'");
        if (file.isEmpty()) {
            throw new StorageUnusableException(
                    "the connection is to a database in memory, which is gone with it, so that"
                            + " nothing could be resumed; use a file, or Cairn.inMemory()");
        }
        try {
            return Path.of(file).toRealPath();
        } catch (IOException e) {
            throw new StorageUnusableException("SQLite file " + file + " cannot be found", e);
        }
    }

    /** The number in the first row; 0 if there is none. */
    long number(String sql) throws SQLException {
        try (ResultSet row = statement(sql).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The text in the first row; empty if there is none. */
    String text(String sql) throws SQLException {
        try (ResultSet row = statement(sql).executeQuery()) {
            String text = row.next() ? row.getString(1) : null;
            return text == null ? "" : text;
        }
    }

    void busyTimeout(Duration busy) {
        update("PRAGMA busy_timeout = " + busy.toMillis());
    }

    /** RUN-16: what we wrote inside somebody's transaction would not be durable when we say so. */
    void requireAutoCommit() throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "the connection is inside a transaction (autoCommit is false), so that nothing"
                            + " written on it would be durable; give Cairn a DataSource that hands out connections in autoCommit mode");
        }
    }

    /** Rolls back what is open, sets back what was set, and closes or gives back the connection; never fails. */
    void close() {
        try {
            rollBack();
            busyTimeout(Duration.ofMillis(busyBefore));
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
        } catch (SQLException | JdbiException e) {
            LOG.debug("an SQLite connection was closed that had failed", e);
        }
        try {
            connection.close();
        } catch (SQLException e) {
            // What was acknowledged is durable, and SQLite rolls the rest back.
            LOG.warn("an SQLite connection could not be closed", e);
        }
    }
}
