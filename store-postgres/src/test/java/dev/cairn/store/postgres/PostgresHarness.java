// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cairn.servers.PostgresServer;
import dev.cairn.servers.PostgresServer.Kind;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** What the kit is given of this store: each storage is a schema of one server. */
public final class PostgresHarness {
    /** Every so many stores that are not routed are opened by a URL, the others over one pool, as a team's own is. */
    private static final int BY_URL = 8;

    private static final int POOLED = 40;

    private PostgresHarness() {}

    /** Opens schemas of a server, for the whole kit: most of what is not routed over one pool, which saves minutes. */
    static StoreHarness pooled(String name, PostgresServer server) {
        HikariDataSource pool = pool(server);
        AtomicInteger opened = new AtomicInteger();
        return create(name, server)
                .opens(env -> env.isRouted() || opened.incrementAndGet() % BY_URL == 0
                        ? open(server, env, SchemaMode.APPLY)
                        : PostgresStateStore.builder(pool)
                                .options(env.options())
                                .schemaName(env.storage())
                                .open());
    }

    /** Opens schemas of a server. */
    public static StoreHarness create(String name, PostgresServer server) {
        StoreHarness harness = StoreHarness.named(name)
                .opens(env -> open(server, env, SchemaMode.APPLY))
                .insideTransaction(env -> PostgresStateStore.builder(insideTransaction(server))
                        .options(env.options())
                        .schemaName(env.storage())
                        .open())
                .verifyOnly(
                        env -> open(server, env, SchemaMode.VERIFY),
                        "cairn_meta",
                        "cairn_head",
                        "cairn_head_claim",
                        "cairn_entry",
                        "cairn_message",
                        "cairn_cache_scope",
                        "cairn_cache",
                        "cairn_runs",
                        "cairn_steps")
                .housekeeping(PostgresHarness::isHousekeeping)
                .opensInChild(PostgresChild.class, Map.of(PostgresChild.URL, server.url() + "?pool-size=4"))
                .raw(new PostgresRaw(server))
                .locks(new PostgresLocks(server))
                .declares(Ability.STEP_CACHE);
        Kind ended = ended(server.kind());
        return harness.server(() -> PostgresEnding.start(ended, Map.of())).standby(() -> PostgresPair.start(ended));
    }

    /** One that was given from outside is nobody's to end: the embedded one is ended in its place. */
    private static Kind ended(Kind given) {
        return given == Kind.POSTGRES15 ? given : Kind.POSTGRES18;
    }

    /** Opens it on a server that is going to end: by a pool of its own, which does not wait long for one that is down. */
    static PostgresStateStore open(PostgresServer server, String hosts, String more, StoreEnv env) {
        String login = encode(server.user()) + ":" + encode(server.password());
        String url = "postgresql://" + login + "@" + hosts + "/" + encode(server.database())
                + "?pool-size=4&pool-timeout=2s" + more;
        return new PostgresStateStore.Builder(PostgresUrl.take(StoreUrl.parse(url)))
                .options(env.options())
                .schemaName(env.storage())
                .open();
    }

    /** Filled when it is first asked; its threads and connections end with this process. */
    static HikariDataSource pool(PostgresServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setMaximumPoolSize(POOLED);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
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
                + "?pool-size=4&pool-timeout=1s&socketTimeout=4&sslmode=disable";
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
