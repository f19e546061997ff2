// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.PageToken;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps runs in an SQLite database: a file of its own, or one that a team's tables share. Durable against loss of power:
 * WAL with {@code synchronous=FULL}.
 *
 * <p>Beside the database {@code x.db} lie SQLite's own {@code x.db-wal} and {@code x.db-shm} while it is open, and the
 * lock file {@code x.db.turn}, by which processes take turns at writing; it stays. So the folder must be writable: in a
 * read-only one opening is refused. On a network file system SQLite's locks do not hold: it is said at open, in the log
 * and in {@link #facts()}, or refused, as {@link dev.cairn.spi.OnWeak} says. Times are SQLite's clock, which is the
 * host's. No call waits for the write lock longer than the lock bound. Thread-safe.
 */
public final class SqliteStateStore implements StateStore, StepCacheStore {
    private final StoreOptions options;
    private final Facts.Limits limits;
    private final SqliteConnections connections;
    private final SqliteHeads heads;
    private final SqliteJournal journal;
    private final SqliteRuns runs;
    private final SqliteCache cache;

    private SqliteStateStore(SqliteConnections connections, StoreOptions options) {
        this.options = options;
        this.limits = SqliteFacts.limits(options);
        this.connections = connections;
        this.heads = new SqliteHeads(options.namespace());
        this.journal = new SqliteJournal(options.namespace());
        this.runs = new SqliteRuns(heads, journal, options);
        this.cache = new SqliteCache(options.namespace());
    }

    /** A store in a file, which is created if {@link SchemaMode#APPLY} may; its folder must exist. */
    public static Builder builder(Path file) {
        Path absolute = file.toAbsolutePath();
        return new Builder(SqliteSession.of(absolute), absolute);
    }

    /**
     * A store in the database of a team's own {@code DataSource}, which is never closed here. One connection of it is kept
     * for writing and up to four for reading, until the store is closed, so let it hand out five; {@code synchronous} is left as the team set it.
     */
    public static Builder builder(DataSource source) {
        return new Builder(SqliteSession.of(Objects.requireNonNull(source)), null);
    }

    /** Opens a store. Not thread-safe. */
    public static final class Builder {
        private final SqliteSession.Source source;
        private final @Nullable Path file;
        private StoreOptions options = StoreOptions.defaults();
        private SchemaMode mode = SchemaMode.APPLY;

        private Builder(SqliteSession.Source source, @Nullable Path file) {
            this.source = source;
            this.file = file;
        }

        /** What every store takes. Default: {@link StoreOptions#defaults()}. */
        public Builder options(StoreOptions value) {
            options = Objects.requireNonNull(value);
            return this;
        }

        /** What to do about the tables. Default: {@link SchemaMode#APPLY}. */
        public Builder schema(SchemaMode value) {
            mode = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws dev.cairn.error.StorageUnusableException if the file is not a database, is read-only, sits in a folder
         *     that is missing or cannot be written, lacks a table under {@link SchemaMode#VERIFY}, or is weaker than asked
         * @throws dev.cairn.error.SchemaTooNewException if the tables ask for a newer Cairn; nothing was written
         * @throws IllegalStateException if the {@code DataSource} hands out a connection that is inside a transaction
         */
        public SqliteStateStore open() {
            SqliteSchema schema = new SqliteSchema(file == null ? "of the DataSource" : file.toString(), mode);
            if (file != null) {
                schema.checkFile(file);
            }
            return new SqliteStateStore(SqliteConnections.open(source, schema, options), options);
        }
    }

    @Override
    public String namespace() {
        return options.namespace();
    }

    @Override
    public Facts facts() {
        return connections.outsideTransactions(session -> SqliteFacts.read(session, options));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        limits.checkBatch(entries);
        if (entries.size() == 1) {
            return List.of(appendAlone(entries.get(0)));
        }
        Appended[] answers = new Appended[entries.size()];
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Appended.Failed tooLarge = tooLarge(entries.get(i));
            if (tooLarge == null) {
                fitting.add(i);
            } else {
                answers[i] = tooLarge;
            }
        }
        if (!fitting.isEmpty()) {
            connections.write(session -> {
                for (int i : fitting) {
                    answers[i] = runs.append(session, entries.get(i));
                }
                return answers;
            });
        }
        return List.copyOf(Arrays.asList(answers));
    }

    private Appended.@Nullable Failed tooLarge(Entry entry) {
        try {
            limits.check(entry);
            SqliteJournal.checkPlace(entry);
            return null;
        } catch (PayloadTooLargeException e) {
            return new Appended.Failed(e);
        }
    }

    private Appended appendAlone(Entry entry) {
        Appended.Failed tooLarge = tooLarge(entry);
        if (tooLarge != null) {
            return tooLarge;
        }
        if (entry.place() == 0) {
            return connections.write(session -> runs.append(session, entry));
        }
        int rows = connections.writeOne(session -> journal.append(session, entry));
        return rows == 1 ? new Appended.Written() : connections.read(session -> runs.standing(session, entry));
    }

    @Override
    public Acquired acquire(Acquire request) {
        limits.check(request);
        return connections.write(session -> runs.acquire(session, request));
    }

    @Override
    public List<Granted> claim(Claim request) {
        limits.check(request);
        return connections.write(session -> runs.claim(session, request));
    }

    @Override
    public Settled settle(Settle request) {
        limits.check(request);
        request.entry().ifPresent(SqliteJournal::checkPlace);
        return connections.write(session -> runs.settle(session, request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        List<Renewal> renewals = List.copyOf(leases);
        return connections.write(session -> {
            Instant now = session.now();
            return renewals.stream()
                    .map(renewal -> runs.renew(session, renewal, now))
                    .toList();
        });
    }

    @Override
    public Signalled signal(String runId, Message message) {
        limits.check(runId, message);
        return connections.write(session -> runs.signal(session, runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return connections.read(session -> {
            Instant now = session.now();
            Optional<Head> found = heads.find(session, request.runId())
                    .filter(head -> head.status() != RunStatus.GONE && isIn(head, request.from()));
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(journal.page(session, found.get(), request.from(), request.maxBytes(), now));
        });
    }

    private static boolean isIn(Head head, Cursor cursor) {
        return !(cursor instanceof Cursor.After after) || after.incarnation().equals(head.incarnation());
    }

    @Override
    public RunPage list(RunQuery query) {
        Optional<PageToken> after = query.after().map(token -> PageToken.decode(token, namespace(), query));
        return connections.read(session -> {
            Instant now = session.now();
            return query.cut(heads.list(session, query, after, now), namespace(), now);
        });
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        List<Erase> all = List.copyOf(erases);
        return connections.write(session -> {
            List<Erased> answers = new ArrayList<>();
            for (Erase erase : all) {
                answers.add(runs.erase(session, erase));
            }
            return answers;
        });
    }

    @Override
    public Optional<Bytes> cacheGet(CacheKey key) {
        return connections.read(session -> cache.get(session, key));
    }

    @Override
    public Bytes cachePut(CachePut put) {
        limits.check(put);
        return connections.write(session -> cache.put(session, put));
    }

    @Override
    public void cacheDelete(CacheKey key) {
        connections.write(session -> cache.delete(session, key));
    }

    @Override
    public void cacheClear(String scope) {
        Names.check("cache scope", scope);
        connections.write(session -> cache.clear(session, scope));
    }

    @Override
    public void close() {
        connections.close();
    }
}
