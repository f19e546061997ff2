// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.tck.RawStorage;
import dev.cairn.tck.StoreEnv;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Looks at the database file, and damages it, through a connection of its own. */
final class SqliteRaw implements RawStorage {
    private static final String ENTRY = """
            (SELECT number FROM cairn_head JOIN cairn_journal USING (namespace, run_id, incarnation)
            WHERE namespace = ? AND run_id = ?) << 24 | ?
            """;

    @Override
    public long objects(StoreEnv env) {
        String name = env.namespace();
        return query(env, "SELECT count(*) FROM cairn_head WHERE namespace = ?", name)
                + query(env, "SELECT count(*) FROM cairn_journal WHERE namespace = ?", name)
                + query(env, "SELECT count(*) FROM cairn_cache WHERE namespace = ?", name)
                + query(
                        env,
                        "SELECT count(*) FROM cairn_entry JOIN cairn_journal ON number = id >> 24 WHERE namespace = ?",
                        name)
                + query(
                        env,
                        "SELECT count(*) FROM cairn_message JOIN cairn_journal ON number = journal WHERE namespace = ?",
                        name)
                + query(
                        env,
                        "SELECT count(*) FROM cairn_entry WHERE id >> 24 NOT IN (SELECT number FROM cairn_journal)")
                + query(
                        env,
                        "SELECT count(*) FROM cairn_message WHERE journal NOT IN (SELECT number FROM cairn_journal)");
    }

    @Override
    public void removeEntry(StoreEnv env, String runId, long place) {
        one(env, "DELETE FROM cairn_entry WHERE id = " + ENTRY, env.namespace(), runId, place);
    }

    @Override
    public void flipByte(StoreEnv env, String runId, long place) {
        one(
                env,
                "UPDATE cairn_entry SET body = CAST(x'00' || substr(body, 2) AS BLOB) WHERE id = " + ENTRY,
                env.namespace(),
                runId,
                place);
    }

    @Override
    public void truncate(StoreEnv env, String runId, long place) {
        one(
                env,
                "UPDATE cairn_entry SET body = substr(body, 1, length(body) - 1) WHERE id = " + ENTRY,
                env.namespace(),
                runId,
                place);
    }

    @Override
    public void shiftTimes(StoreEnv env, String runId, Duration by) {
        long ms = by.toMillis();
        one(env, """
                UPDATE cairn_head SET deadline = deadline + ?, due = due + ?, created = created + ?, changed = changed + ?
                WHERE namespace = ? AND run_id = ?
                """, ms, ms, ms, ms, env.namespace(), runId);
    }

    @Override
    public void plantForeign(StoreEnv env) {
        update(env, "CREATE TABLE team_orders (id TEXT)");
        update(env, "INSERT INTO team_orders VALUES ('10248')");
    }

    @Override
    public boolean isForeignIntact(StoreEnv env) {
        return query(env, "SELECT count(*) FROM sqlite_schema WHERE name = 'team_orders'") == 1
                && query(env, "SELECT count(*) FROM team_orders WHERE id = '10248'") == 1;
    }

    @Override
    public void markNewer(StoreEnv env) {
        one(env, "UPDATE cairn_meta SET schema_version = schema_version + 1");
    }

    @Override
    public void markUnreadable(StoreEnv env) {
        one(env, "UPDATE cairn_meta SET schema_version = schema_version + 1, minimum_reader = schema_version + 1");
    }

    private static void one(StoreEnv env, String sql, Object... binds) {
        int changed = update(env, sql, binds);
        if (changed != 1) {
            throw new AssertionError(changed + " rows changed by " + sql + " with " + List.of(binds));
        }
    }

    private static int update(StoreEnv env, String sql, Object... binds) {
        try (Connection connection = connection(env);
                PreparedStatement statement = bound(connection, sql, binds)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static long query(StoreEnv env, String sql, Object... binds) {
        try (Connection connection = connection(env);
                PreparedStatement statement = bound(connection, sql, binds);
                ResultSet row = statement.executeQuery()) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static Connection connection(StoreEnv env) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + SqliteHarness.file(env));
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... binds) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < binds.length; i++) {
            statement.setObject(i + 1, binds[i]);
        }
        return statement;
    }
}
