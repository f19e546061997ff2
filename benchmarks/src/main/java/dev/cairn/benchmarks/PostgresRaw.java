// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
    // The columns of Cairn's journal, so that what is read is the same rows.
    private static final String CREATE_WHOLE = """
            CREATE TABLE IF NOT EXISTS raw_journal (
                run text NOT NULL,
                place bigint NOT NULL,
                kind smallint NOT NULL,
                token bigint NOT NULL,
                lease uuid NOT NULL,
                commit_id uuid NOT NULL,
                checksum int NOT NULL,
                body bytea NOT NULL,
                PRIMARY KEY (run, place)
            )
            """;
    private static final String INSERT_WHOLE =
            "INSERT INTO raw_journal (run, place, kind, token, lease, commit_id, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT =
            "SELECT place, kind, token, lease, commit_id, checksum, body FROM raw_journal WHERE run = ? ORDER BY place";

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
            statement.execute(CREATE_WHOLE);
        }
    }

    private static final class PostgresRawSession extends JdbcRawSession {
        PostgresRawSession(Connection connection) throws SQLException {
            super(connection, INSERT, INSERT_WHOLE, SELECT);
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
        void bindWhole(PreparedStatement insert, Run run, Entry entry) throws SQLException {
            insert.setString(1, run.id());
            insert.setLong(2, entry.place());
            insert.setShort(3, (short) entry.kind().code());
            insert.setLong(4, entry.lease().token());
            insert.setObject(5, entry.lease().id().id());
            insert.setObject(6, entry.commitId().id());
            insert.setInt(7, entry.checksum());
            insert.setBytes(8, entry.body().toArray());
        }
    }
}
