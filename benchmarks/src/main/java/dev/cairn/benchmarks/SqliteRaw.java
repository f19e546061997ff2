// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/** SQLite by its driver, set as Cairn's store sets it, and the cheapest table there is: rows under one whole number. */
final class SqliteRaw implements RawDriver {
    private static final int PLACE_BITS = 24;

    private static final String CREATE = "CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
    private static final String INSERT = "INSERT INTO raw (id, body) VALUES (?, ?)";
    // The columns of Cairn's journal, so that what is read is the same rows.
    private static final String CREATE_WHOLE = """
            CREATE TABLE IF NOT EXISTS raw_journal (
                id INTEGER PRIMARY KEY,
                kind INTEGER NOT NULL,
                lease BLOB NOT NULL,
                token INTEGER NOT NULL,
                commit_id BLOB NOT NULL,
                checksum INTEGER NOT NULL,
                body BLOB NOT NULL
            )
            """;
    private static final String INSERT_WHOLE =
            "INSERT INTO raw_journal (id, kind, lease, token, commit_id, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT =
            "SELECT id, kind, lease, token, commit_id, checksum, body FROM raw_journal WHERE id BETWEEN ? AND ? ORDER BY id";

    private final Path file;

    SqliteRaw(Path file) {
        this.file = file;
    }

    /** SQLite has one writer; a second connection would only wait for it. */
    @Override
    public int writers(int asked) {
        return 1;
    }

    @Override
    public Session open() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enableFullSync(true);
        config.setGetGeneratedKeys(false);
        Connection connection =
                config.createConnection("jdbc:sqlite:" + file.toUri().toASCIIString());
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            statement.execute(CREATE_WHOLE);
        }
        return new SqliteRawSession(connection);
    }

    private static final class SqliteRawSession extends JdbcRawSession {
        SqliteRawSession(Connection connection) throws SQLException {
            super(connection, INSERT, INSERT_WHOLE, SELECT);
        }

        @Override
        void bindInsert(PreparedStatement insert, Run run, int place, byte[] body) throws SQLException {
            insert.setLong(1, id(run.number(), place));
            insert.setBytes(2, body);
        }

        @Override
        void bindSelect(PreparedStatement select, Run run) throws SQLException {
            select.setLong(1, id(run.number(), 0));
            select.setLong(2, id(run.number() + 1, 0) - 1);
        }

        @Override
        void bindWhole(PreparedStatement insert, Run run, Entry entry) throws SQLException {
            insert.setLong(1, id(run.number(), (int) entry.place()));
            insert.setInt(2, entry.kind().code());
            insert.setBytes(3, bytes(entry.lease().id().id()));
            insert.setLong(4, entry.lease().token());
            insert.setBytes(5, bytes(entry.commitId().id()));
            insert.setInt(6, entry.checksum());
            insert.setBytes(7, entry.body().toArray());
        }

        private static byte[] bytes(UUID id) {
            return ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }

        private static long id(int run, int place) {
            return ((long) run << PLACE_BITS) + place;
        }
    }
}
