// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A database file in a test's folder, the stores that were opened on it, and the shortest way to do things to runs. */
final class StoreFile implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(1);

    final Path path;
    private final List<StateStore> opened = new ArrayList<>();

    StoreFile(Path folder) {
        path = folder.resolve("runs.db");
    }

    SqliteStateStore open() {
        return open("default");
    }

    SqliteStateStore open(StoreOptions options) {
        SqliteStateStore store = SqliteStateStore.builder(path).options(options).open();
        opened.add(store);
        return store;
    }

    SqliteStateStore open(String namespace) {
        return open(options().namespace(namespace).build());
    }

    /** Patient, so that a slow machine fails no test of something else. */
    static StoreOptions.Builder options() {
        return StoreOptions.builder().lockBound(Duration.ofSeconds(30));
    }

    @Override
    public void close() {
        opened.forEach(StateStore::close);
    }

    static NewRun newRun() {
        return newRun(RunStatus.READY, Labels.NONE);
    }

    static NewRun newRun(RunStatus arrival, Labels labels) {
        return new NewRun("flow", 1, Incarnation.random(), labels, arrival, Bytes.utf8("{\"input\":1}"), 0);
    }

    static Acquire creating(String runId, NewRun run) {
        return new Acquire(runId, LeaseId.random(), LEASE, new Acquire.Create(run), Bytes.utf8("{}"));
    }

    static Acquire taking(String runId, Condition condition) {
        return new Acquire(runId, LeaseId.random(), LEASE, new Acquire.Take(condition), Bytes.utf8("{}"));
    }

    static Condition superseding() {
        return Condition.open().over(Condition.Over.LIVE).build();
    }

    static Lease createRun(StateStore store, String runId) {
        return granted(store.acquire(creating(runId, newRun())));
    }

    /** Takes a run over although its lease is live. */
    static Lease takeOver(StateStore store, String runId) {
        return granted(store.acquire(taking(runId, superseding())));
    }

    static Lease granted(Acquired answer) {
        if (answer instanceof Granted granted) {
            return granted.lease();
        }
        throw new AssertionError("not granted: " + answer);
    }

    static Entry step(Lease lease, long place) {
        return step(lease, place, "{\"step\":" + place + "}");
    }

    static Entry step(Lease lease, long place, String body) {
        return Entry.of(lease, place, EntryKind.PLAIN, CommitId.of(lease.id(), place), Bytes.utf8(body));
    }

    static Entry end(Lease lease, long place) {
        return Entry.of(lease, place, EntryKind.END, CommitId.of(lease.id(), place), Bytes.utf8("{\"end\":1}"));
    }

    static Appended append(StateStore store, Entry entry) {
        return store.append(List.of(entry)).get(0);
    }

    static Settled complete(StateStore store, Lease lease, long place) {
        return store.settle(Settle.of(
                end(lease, place), HeadChange.ended(RunStatus.COMPLETED).build()));
    }

    static void release(StateStore store, Lease lease) {
        store.settle(Settle.of(lease, HeadChange.ready(dev.cairn.spi.Due.now()).build()));
    }

    static Optional<Page> read(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 64 << 20));
    }

    static Head head(StateStore store, String runId) {
        return read(store, runId).orElseThrow().head();
    }

    static List<Entry> entries(StateStore store, String runId) {
        return read(store, runId).orElseThrow().entries();
    }

    /** Changes what is stored behind the store's back. */
    int sql(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The first column of the first row of what is stored; empty text if there is none. */
    String query(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Everything that is stored of runs, to see that nothing changed. */
    String everything() {
        StringBuilder all = new StringBuilder();
        for (String table : List.of("cairn_head", "cairn_journal", "cairn_entry", "cairn_message", "cairn_cache")) {
            all.append(table).append(table(table));
        }
        return all.toString();
    }

    private String table(String table) {
        StringBuilder rows = new StringBuilder();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY rowid")) {
            while (row.next()) {
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    byte[] value = row.getBytes(i);
                    rows.append('|')
                            .append(
                                    value == null
                                            ? "null"
                                            : java.util.HexFormat.of().formatHex(value));
                }
                rows.append('\n');
            }
            return rows.toString();
        } catch (SQLException e) {
            throw new AssertionError(table, e);
        }
    }
}
