// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Ability;
import dev.cairn.spi.SchemaMode;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreHarness;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** What the kit is given of this store: each storage is a schema of one server. */
public final class PostgresHarness {
    private PostgresHarness() {}

    /** Opens schemas of a server. */
    public static StoreHarness create(String name, PostgresServer server) {
        return StoreHarness.named(name)
                .opens(env -> open(server, env, SchemaMode.APPLY))
                .insideTransaction(env -> PostgresStateStore.builder(insideTransaction(server))
                        .options(env.options())
                        .schemaName(env.storage())
                        .open())
                .raw(new PostgresRaw(server))
                .declares(Ability.STEP_CACHE);
    }

    static PostgresStateStore open(PostgresServer server, StoreEnv env, SchemaMode mode) {
        return new PostgresStateStore.Builder(
                        PostgresUrl.take(dev.cairn.spi.StoreUrl.parse(server.url() + "?pool-size=4")))
                .options(env.options())
                .schema(mode)
                .schemaName(env.storage())
                .open();
    }

    private static PGSimpleDataSource insideTransaction(PostgresServer server) {
        PGSimpleDataSource source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        };
        source.setUrl(server.jdbcUrl());
        return source;
    }
}
