// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.StateStore;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server with a data folder of its own, which the kit ends by SIGKILL, all processes of it, and starts again. */
final class PostgresEnding implements StoreServer {
    private static final List<String> SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final PostgresServer server;

    private PostgresEnding(PostgresServer server) {
        this.server = server;
    }

    static PostgresEnding start(PostgresServer.Kind kind, Map<String, String> settings) {
        return new PostgresEnding(PostgresServer.start(kind, settings));
    }

    @Override
    public StateStore open(StoreEnv env) {
        return PostgresHarness.open(server, server.host() + ":" + server.port(), "", env);
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void start() {
        server.restart();
    }

    @Override
    public String identity() {
        return ask("select pg_postmaster_start_time()") + ", process "
                + ask("select pid from pg_stat_activity where backend_type = 'checkpointer'");
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        SETTINGS.forEach(name -> settings.put(name, ask("show " + name)));
        return settings;
    }

    private String ask(String sql) {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
