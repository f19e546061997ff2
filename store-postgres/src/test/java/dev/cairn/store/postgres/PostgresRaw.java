// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.tck.RawStorage;
import dev.cairn.tck.StoreEnv;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Looks at the tables, and damages them, through a connection of its own. */
final class PostgresRaw implements RawStorage {
    private static final String ENTRY =
            "place = ? and journal = (select %s from cairn_head as h where h.namespace = ? and h.run_id = ?)"
                    .formatted(TestSchema.JOURNAL);

    // An entry does not say whose it is: all are counted but those that a head of another namespace names.
    private static final String ENTRIES = """
            select count(*) from cairn_entry where journal not in (
                select %s from (
                    select namespace, run_id, incarnation from cairn_head where namespace <> ?
                    union all
                    select namespace, run_id, jsonb_object_keys(beside)::uuid from cairn_head where namespace <> ?
                ) as h)
            """.formatted(TestSchema.JOURNAL);

    private final DataSource pool;

    PostgresRaw(PostgresServer server) {
        this.pool = PostgresHarness.pool(server);
    }

    @Override
    public long objects(StoreEnv env) {
        String rows = Stream.of("head", "message", "cache", "cache_scope")
                .map(table -> " + (select count(*) from cairn_" + table + " where namespace = ?)")
                .collect(Collectors.joining());
        String all = "select (" + ENTRIES + ")" + rows;
        return query(env, all, Collections.nCopies(6, env.namespace()).toArray());
    }

    @Override
    public void removeEntry(StoreEnv env, String runId, long place) {
        one(env, "delete from cairn_entry e where " + ENTRY, place, env.namespace(), runId);
    }

    @Override
    public void flipByte(StoreEnv env, String runId, long place) {
        one(env, "update cairn_entry e set body = set_byte(body, 0, 0) where " + ENTRY, place, env.namespace(), runId);
    }

    @Override
    public void truncate(StoreEnv env, String runId, long place) {
        one(
                env,
                "update cairn_entry e set body = substring(body for octet_length(body) - 1) where " + ENTRY,
                place,
                env.namespace(),
                runId);
    }

    @Override
    public void shiftTimes(StoreEnv env, String runId, Duration by) {
        long ms = by.toMillis();
        one(env, """
                update cairn_head set deadline = deadline + ?, due = due + ?, created = created + ?, changed = changed + ?
                where namespace = ? and run_id = ?
                """, ms, ms, ms, ms, env.namespace(), runId);
    }

    @Override
    public void plantForeign(StoreEnv env) {
        update(env, "create schema if not exists " + env.storage());
        update(env, "create table team_orders (id text)");
        update(env, "insert into team_orders values ('10248')");
    }

    @Override
    public boolean isForeignIntact(StoreEnv env) {
        return query(env, "select count(*) from pg_class where oid = to_regclass('team_orders')") == 1
                && query(env, "select count(*) from team_orders where id = '10248'") == 1;
    }

    @Override
    public void markNewer(StoreEnv env) {
        one(env, "update cairn_meta set schema_version = schema_version + 1");
    }

    @Override
    public void markUnreadable(StoreEnv env) {
        one(env, "update cairn_meta set schema_version = schema_version + 1, minimum_reader = schema_version + 1");
    }

    private void one(StoreEnv env, String sql, Object... binds) {
        int changed = update(env, sql, binds);
        if (changed != 1) {
            throw new AssertionError(changed + " rows changed by " + sql + " with " + List.of(binds));
        }
    }

    private int update(StoreEnv env, String sql, Object... binds) {
        try (Connection connection = connection(env);
                PreparedStatement statement = bound(connection, sql, binds)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private long query(StoreEnv env, String sql, Object... binds) {
        try (Connection connection = connection(env);
                PreparedStatement statement = bound(connection, sql, binds);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Connection connection(StoreEnv env) throws SQLException {
        Connection connection = pool.getConnection();
        connection.setSchema(env.storage());
        return connection;
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... binds) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < binds.length; i++) {
            statement.setObject(i + 1, binds[i]);
        }
        return statement;
    }
}
