// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.servers.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server of its own on a new data folder, a database in it for each contestant. */
final class PostgresBackend implements Backend {
    static final String NAME = "postgres";

    // The defaults of PostgreSQL; named, because those of a server made for tests are others.
    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    private final PostgresServer server;
    private final Database home;
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresBackend(PostgresServer server) {
        this.server = server;
        this.home = new Database(server.host(), server.port(), server.database(), server.user(), server.password());
    }

    /** Starts a server and makes sure that it is durable. */
    static PostgresBackend start(PostgresServer.Kind kind) throws SQLException {
        PostgresBackend backend = new PostgresBackend(PostgresServer.start(kind, DURABLE));
        boolean durable = false;
        try {
            backend.requireDurable();
            durable = true;
            return backend;
        } finally {
            if (!durable) {
                backend.close();
            }
        }
    }

    private void requireDurable() throws SQLException {
        for (Map.Entry<String, String> setting : DURABLE.entrySet()) {
            String value = text("SHOW " + setting.getKey());
            if (!value.equals(setting.getValue())) {
                throw new IllegalStateException("the server has " + setting.getKey() + "=" + value
                        + ", and nothing is compared that is not durable; set it to " + setting.getValue());
            }
        }
    }

    @Override
    public Storage create() throws SQLException {
        return new PostgresStorage(this, newDatabase(), null);
    }

    @Override
    public Storage createCounted() throws SQLException, IOException {
        Database database = newDatabase();
        return new PostgresStorage(this, database, Relay.to(database.host(), database.port()));
    }

    private Database newDatabase() throws SQLException {
        Database database = home.named("bench_" + databases.incrementAndGet());
        execute("CREATE DATABASE " + database.name() + " OWNER " + database.user());
        return database;
    }

    /** Everything dirty is written now, and no checkpoint falls into what comes next. */
    @Override
    public void rest() throws SQLException {
        execute("CHECKPOINT");
    }

    /** Checkpoints and the sessions of others are none of the role's that owns a database. */
    private Connection asSuperuser() throws SQLException {
        return DriverManager.getConnection(server.adminJdbcUrl());
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = asSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the only row. */
    String text(String sql) throws SQLException {
        try (Connection connection = asSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
