// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.StoreUrl;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of a server for one test, the stores that were opened on it, and the shortest way to do things to runs. */
final class TestSchema implements AutoCloseable {
    /** The key of the journal of a head named h. */
    static final String JOURNAL = new PostgresSql("unused").of("@journal(h)");

    static final Duration LEASE = Duration.ofMinutes(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final PostgresServer server;
    final String name = "test" + NUMBER.incrementAndGet() + "_" + Long.toString(System.nanoTime(), 36);
    private final List<StateStore> opened = new ArrayList<>();

    private final boolean shared;

    TestSchema() {
        this(PostgresServer.shared(), true);
    }

    /** On a server of the test's own, which ends with all that is in it. */
    TestSchema(PostgresServer server) {
        this(server, false);
    }

    private TestSchema(PostgresServer server, boolean shared) {
        this.server = server;
        this.shared = shared;
    }

    /** The URL of the schema; more options may follow. */
    String url() {
        return server.url() + "?schema-name=" + name + "&pool-size=4";
    }

    PostgresStateStore open() {
        return open(options().build());
    }

    PostgresStateStore open(StoreOptions options) {
        return keep(new PostgresStateStore.Builder(PostgresUrl.take(StoreUrl.parse(server.url() + "?pool-size=4")))
                .options(options)
                .schemaName(name)
                .open());
    }

    /** Opened with options of the URL, such as {@code &tier=node-loss}. */
    PostgresStateStore open(String options) {
        return keep((PostgresStateStore) new PostgresStoreProvider().open(StoreUrl.parse(url() + options)));
    }

    PostgresStateStore keep(PostgresStateStore store) {
        opened.add(store);
        return store;
    }

    PostgresStateStore.Builder builder(SchemaMode mode) {
        return PostgresStateStore.builder(source()).schemaName(name).schema(mode);
    }

    /** A DataSource of the team's: a connection each time. */
    PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        return source;
    }

    /** Patient, so that a slow machine fails no test of something else. */
    static StoreOptions.Builder options() {
        return StoreOptions.builder().lockBound(Duration.ofSeconds(30));
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl() + "&currentSchema=" + name);
    }

    int sql(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The first column of all rows. */
    List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Override
    public void close() {
        opened.forEach(StateStore::close);
        if (shared) {
            sql("drop schema if exists " + name + " cascade");
        }
    }

    static NewRun newRun() {
        return new NewRun(
                "flow", 1, Incarnation.random(), Labels.NONE, RunStatus.READY, Bytes.utf8("{\"input\":1}"), 0);
    }

    static Lease createRun(StateStore store, String runId) {
        return granted(store.acquire(
                new Acquire(runId, LeaseId.random(), LEASE, new Acquire.Create(newRun()), Bytes.utf8("{}"))));
    }

    static Acquire takingOver(String runId) {
        return new Acquire(
                runId,
                LeaseId.random(),
                LEASE,
                new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build()),
                Bytes.utf8("{}"));
    }

    static Lease granted(Acquired answer) {
        if (answer instanceof Granted granted) {
            return granted.lease();
        }
        throw new AssertionError("not granted: " + answer);
    }

    static Entry step(Lease lease, long place) {
        return Entry.of(
                lease, place, EntryKind.PLAIN, CommitId.of(lease.id(), place), Bytes.utf8("{\"step\":" + place + "}"));
    }

    static Appended append(StateStore store, Entry entry) {
        return store.append(List.of(entry)).get(0);
    }

    static void release(StateStore store, Lease lease) {
        store.settle(Settle.of(lease, HeadChange.ready(Due.now()).build()));
    }

    static Optional<Page> read(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 64 << 20));
    }

    static List<Entry> entries(StateStore store, String runId) {
        return read(store, runId).orElseThrow().entries();
    }
}
