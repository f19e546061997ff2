// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.Entry;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreLocks;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Holds the one lock that a file has for all who write: in it a head is changed, or an entry written, and not committed. */
final class SqliteLocks implements StoreLocks {
    private static final String CHANGE = "UPDATE cairn_head SET run_id = run_id WHERE namespace = ? AND run_id = ?";

    private static final String INSERT = """
            INSERT INTO cairn_entry (id, kind, token, lease, commit_id, checksum, body)
            SELECT number << 24 | ?, ?, ?, ?, ?, ?, ? FROM cairn_head JOIN cairn_journal USING (namespace, run_id, incarnation)
            WHERE namespace = ? AND run_id = ?
            """;

    private interface Work {
        PreparedStatement on(Connection connection) throws SQLException;
    }

    @Override
    public Reach reach() {
        return Reach.STORAGE;
    }

    @Override
    public Held holdHead(StoreEnv env, String runId) {
        return held(env, connection -> {
            PreparedStatement change = connection.prepareStatement(CHANGE);
            change.setString(1, env.namespace());
            change.setString(2, runId);
            return change;
        });
    }

    @Override
    public Optional<Held> holdEntry(StoreEnv env, Entry entry) {
        return Optional.of(held(env, connection -> {
            PreparedStatement insert = connection.prepareStatement(INSERT);
            insert.setLong(1, entry.place());
            insert.setInt(2, entry.kind().code());
            insert.setLong(3, entry.lease().token());
            insert.setBytes(4, bytes(entry.lease().id().id()));
            insert.setBytes(5, bytes(entry.commitId().id()));
            insert.setInt(6, entry.checksum());
            insert.setBytes(7, entry.body().toArray());
            insert.setString(8, env.namespace());
            insert.setString(9, entry.lease().runId());
            return insert;
        }));
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** With one lock there are no circles. */
    @Override
    public OptionalLong deadlocks(StoreEnv env) {
        return OptionalLong.empty();
    }

    private static Held held(StoreEnv env, Work work) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SqliteHarness.file(env));
            Session session = new Session(connection);
            session.execute("BEGIN IMMEDIATE");
            try (PreparedStatement statement = work.on(connection)) {
                int rows = statement.executeUpdate();
                if (rows != 1) {
                    session.close();
                    throw new AssertionError(rows + " rows are held");
                }
            }
            return session;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A transaction of a connection that writes. */
    private static final class Session implements Held {
        private final Connection connection;
        private boolean ended;

        Session(Connection connection) {
            this.connection = connection;
        }

        private void execute(String sql) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new AssertionError(sql, e);
            }
        }

        /** SQLite does not know who asks again and again. */
        @Override
        public OptionalInt waiting() {
            return OptionalInt.empty();
        }

        @Override
        public void commit() {
            execute("COMMIT");
            ended = true;
        }

        @Override
        public void close() {
            try (connection) {
                if (!ended) {
                    execute("ROLLBACK");
                    ended = true;
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
