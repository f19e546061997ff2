// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Ability;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.StoreUrl;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreHarness;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
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
                .housekeeping(PostgresHarness::isHousekeeping)
                .opensInChild(PostgresChild.class, Map.of(PostgresChild.URL, server.url() + "?pool-size=4"))
                .raw(new PostgresRaw(server))
                .declares(Ability.STEP_CACHE);
    }

    static PostgresStateStore open(PostgresServer server, StoreEnv env, SchemaMode mode) {
        return new PostgresStateStore.Builder(PostgresUrl.take(StoreUrl.parse(url(server, env))))
                .options(env.options())
                .schema(mode)
                .schemaName(env.storage())
                .open();
    }

    private static String url(PostgresServer server, StoreEnv env) {
        if (!env.isRouted()) {
            return server.url() + "?pool-size=4";
        }
        InetSocketAddress proxy = env.route(server.host(), server.port());
        return "postgresql://" + encode(server.user()) + ":" + encode(server.password()) + "@" + proxy.getHostString()
                + ":" + proxy.getPort() + "/" + encode(server.database())
                + "?pool-size=4&pool-timeout=1s&socketTimeout=6&sslmode=disable";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * What is no request of the store's: the start of a connection, a log-in, and the empty query by which the pool tries
     * whether a connection is alive.
     */
    private static boolean isHousekeeping(byte[] burst) {
        boolean isStart = burst[0] == 0;
        boolean isLogin = burst[0] == 'p' || burst[0] == 'X';
        boolean isEmptyQuery = burst.length > 6 && burst[0] == 'P' && burst[5] == 0 && burst[6] == 0;
        return isStart || isLogin || isEmptyQuery;
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
