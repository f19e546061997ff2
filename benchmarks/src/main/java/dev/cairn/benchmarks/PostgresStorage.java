// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.StateStore;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One database of the server, reached directly or through a relay that counts. */
final class PostgresStorage implements Storage {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int NAP_MILLIS = 20;

    private final PostgresBackend backend;
    private final Database database;
    private final @Nullable Relay relay;

    PostgresStorage(PostgresBackend backend, Database database, @Nullable Relay relay) {
        this.backend = backend;
        this.database = database;
        this.relay = relay;
    }

    private Database reached() {
        return relay == null ? database : database.through(relay.port());
    }

    @Override
    public StateStore open() {
        return Stores.open(reached().url());
    }

    @Override
    public Optional<RawDriver> raw() {
        PostgresRaw raw = new PostgresRaw(reached());
        try {
            raw.create();
        } catch (SQLException e) {
            throw new IllegalStateException("the raw table cannot be created", e);
        }
        return Optional.of(raw);
    }

    @Override
    public Optional<Contestant.Resuming> dbos() {
        return Optional.of(new DbosContestant(reached()));
    }

    /** From another database: a look from this one would be a transaction of its own. */
    @Override
    public Counts counted() throws SQLException, InterruptedException {
        awaitNobody();
        backend.rest();
        Map<Count, Double> counts = new EnumMap<>(Count.class);
        if (relay != null) {
            counts.put(Count.REQUESTS, (double) relay.requests());
            counts.put(Count.STATEMENTS, (double) relay.statements());
        }
        counts.put(
                Count.TRANSACTIONS,
                number("SELECT xact_commit + xact_rollback FROM pg_stat_database" + " WHERE datname = '"
                        + database.name() + "'"));
        counts.put(Count.DISK, number("SELECT pg_database_size('" + database.name() + "')"));
        counts.put(Count.LOG, number("SELECT pg_current_wal_insert_lsn() - '0/0'"));
        return new Counts(counts);
    }

    private double number(String sql) throws SQLException {
        return Double.parseDouble(backend.text(sql));
    }

    /** A session reports what it did when it ends. */
    private void awaitNobody() throws SQLException, InterruptedException {
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = '"
                + database.name() + "'";
        for (int waited = 0; number(sessions) > 0; waited += NAP_MILLIS) {
            if (waited >= PATIENCE_MILLIS) {
                throw new IllegalStateException("somebody is still connected to " + database + " after "
                        + PATIENCE_MILLIS + " ms; nothing can be counted");
            }
            Thread.sleep(NAP_MILLIS);
        }
    }

    @Override
    public void close() {
        if (relay != null) {
            relay.close();
        }
        try {
            // What is still connected belongs to a contestant that failed.
            backend.execute("DROP DATABASE IF EXISTS " + database.name() + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException(database + " cannot be dropped", e);
        }
    }
}
