// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Entry;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreLocks;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Holds a row of a head, or one of the journal that is not committed, in a transaction of its own session. */
final class PostgresLocks implements StoreLocks {
    private static final String LOCK = "select 1 from cairn_head where namespace = ? and run_id = ? for update";

    // A row that is committed anew is looked at again by whoever waited for it; one that was only locked is not.
    private static final String CHANGE = "update cairn_head set run_id = run_id where namespace = ? and run_id = ?";

    private static final String INSERT = """
            insert into cairn_entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select %s, ?, ?, ?, ?, ?, ?, ? from cairn_head as h where h.namespace = ? and h.run_id = ?
            """.formatted(TestSchema.JOURNAL);

    // Who waits for this session, or for one that does.
    private static final String WAITING = """
            with recursive waits (pid, blockers) as (
                select pid, pg_blocking_pids(pid) from (select distinct pid from pg_locks where not granted) as w
            ), behind (pid) as (
                select pid from waits where pg_backend_pid() = any (blockers)
                union select w.pid from waits as w join behind as b on b.pid = any (w.blockers)
            )
            select count(*) from behind
            """;

    private final PostgresServer server;

    PostgresLocks(PostgresServer server) {
        this.server = server;
    }

    @Override
    public Reach reach() {
        return Reach.RUN;
    }

    @Override
    public Held holdHead(StoreEnv env, String runId) {
        return held(env, connection -> {
            try (PreparedStatement lock = connection.prepareStatement(LOCK);
                    PreparedStatement change = connection.prepareStatement(CHANGE)) {
                for (PreparedStatement statement : new PreparedStatement[] {lock, change}) {
                    statement.setString(1, env.namespace());
                    statement.setString(2, runId);
                }
                lock.execute();
                one(change.executeUpdate());
            }
        });
    }

    @Override
    public Optional<Held> holdEntry(StoreEnv env, Entry entry) {
        return Optional.of(held(env, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setLong(1, entry.place());
                insert.setInt(2, entry.kind().code());
                insert.setLong(3, entry.lease().token());
                insert.setObject(4, entry.lease().id().id());
                insert.setObject(5, entry.commitId().id());
                insert.setInt(6, entry.checksum());
                insert.setBytes(7, entry.body().toArray());
                insert.setString(8, env.namespace());
                insert.setString(9, entry.lease().runId());
                one(insert.executeUpdate());
            }
        }));
    }

    /** Told at once by a session that had waited for its deadlock for longer than statistics are kept back. */
    @Override
    public OptionalLong deadlocks(StoreEnv env) {
        try (Connection connection = connect(env);
                PreparedStatement statement = connection.prepareStatement(
                        "select deadlocks from pg_stat_database where datname = current_database()");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return OptionalLong.of(row.getLong(1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void one(int rows) {
        if (rows != 1) {
            throw new AssertionError(rows + " rows are held");
        }
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private Held held(StoreEnv env, Work work) {
        Connection connection = null;
        try {
            connection = connect(env);
            connection.setAutoCommit(false);
            work.on(connection);
            return new Session(connection);
        } catch (SQLException | AssertionError e) {
            closed(connection);
            throw new AssertionError(e);
        }
    }

    private static void closed(@org.jspecify.annotations.Nullable Connection connection) {
        if (connection != null) {
            new Session(connection).close();
        }
    }

    private Connection connect(StoreEnv env) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl() + "&currentSchema=" + env.storage());
    }

    /** A session in the middle of a transaction. */
    private record Session(Connection connection) implements Held {
        @Override
        public OptionalInt waiting() {
            try (PreparedStatement statement = connection.prepareStatement(WAITING);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return OptionalInt.of(row.getInt(1));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void commit() {
            try {
                connection.commit();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            try (connection) {
                connection.rollback();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
