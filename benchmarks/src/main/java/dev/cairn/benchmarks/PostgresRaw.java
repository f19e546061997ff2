// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL by its driver, as it is by default, and a table of the least that a journal needs. */
final class PostgresRaw implements RawDriver {
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS raw (
                run text NOT NULL,
                place bigint NOT NULL,
                body bytea NOT NULL,
                PRIMARY KEY (run, place)
            )
            """;
    private static final String INSERT = "INSERT INTO raw (run, place, body) VALUES (?, ?, ?)";
    private static final String SELECT = "SELECT place, body FROM raw WHERE run = ? ORDER BY place";

    private static final int MOST_WRITERS = 32;

    private final Database database;

    PostgresRaw(Database database) {
        this.database = database;
    }

    /** More connections than this write fewer rows a second, not more. */
    @Override
    public int writers(int asked) {
        return Math.min(asked, MOST_WRITERS);
    }

    @Override
    public Session open() throws SQLException {
        return new PostgresRawSession(database.connect());
    }

    /** Creates the table. */
    void create() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        }
    }

    private static final class PostgresRawSession extends JdbcRawSession {
        PostgresRawSession(Connection connection) throws SQLException {
            super(connection, INSERT, SELECT);
        }

        @Override
        void bindInsert(PreparedStatement insert, Run run, int place, byte[] body) throws SQLException {
            insert.setString(1, run.id());
            insert.setLong(2, place);
            insert.setBytes(3, body);
        }

        @Override
        void bindSelect(PreparedStatement select, Run run) throws SQLException {
            select.setString(1, run.id());
        }

        @Override
        byte[] body(ResultSet row) throws SQLException {
            return row.getBytes(2);
        }
    }
}
