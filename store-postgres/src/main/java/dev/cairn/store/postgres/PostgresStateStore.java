// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.spi.OnWeak;
import dev.cairn.spi.Page;
import dev.cairn.spi.PageToken;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.store.postgres.PostgresConnections.Way;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps runs in a PostgreSQL database, 15 or newer, in a schema of their own or beside a team's tables. Each method is one
 * request, and commits by itself at READ COMMITTED; a step is one insert, without a lock and without a look at the head.
 *
 * <p>Times are the server's clock. No request waits for a lock longer than the lock bound. As durable as the server's
 * settings make it: {@link #facts()} reads them and says what they give. Nothing is set on a connection that outlives a
 * request, so that a pooler in transaction mode may stand in between; then the driver prepares no statements, unless the
 * URL says so. At most two connections write at a time; none is kept between calls. Thread-safe.
 */
public final class PostgresStateStore implements StateStore, StepCacheStore {
    /** Where the tables are, unless another schema is named. */
    public static final String DEFAULT_SCHEMA = "cairn";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresStateStore.class);

    private final StoreOptions options;
    private final Facts.Limits limits;
    private final PostgresConnections connections;
    private final PostgresJournal journal;
    private final PostgresLeases leases;
    private final PostgresClaims claims;
    private final PostgresRuns runs;
    private final PostgresListing listing;
    private final PostgresErase erasing;
    private final PostgresCache cache;

    private PostgresStateStore(PostgresConnections connections, PostgresSql sql, StoreOptions options) {
        this.options = options;
        this.limits = PostgresFacts.limits(options);
        this.connections = connections;
        JournalKeys journals = new JournalKeys(options.namespace());
        this.journal = new PostgresJournal(sql, options, journals);
        this.runs = new PostgresRuns(sql, options, journals);
        this.leases = new PostgresLeases(sql, options, journals, runs);
        this.claims = new PostgresClaims(sql, options, leases);
        this.listing = new PostgresListing(sql, options);
        this.erasing = new PostgresErase(sql, options, journals);
        this.cache = new PostgresCache(sql, options);
    }

    /**
     * A store in the database of a team's own {@code DataSource}, which is never closed here. It must hand out connections
     * in autoCommit mode, and not those of a transaction that is open in the calling thread. A thread that holds a connection
     * of the same pool while it calls needs a second one: give the pool more connections than threads that do so.
     */
    public static Builder builder(DataSource source) {
        return new Builder(Objects.requireNonNull(source));
    }

    /** Opens a store. Not thread-safe. */
    public static final class Builder {
        private final @Nullable DataSource source;
        private final @Nullable PostgresUrl url;
        private StoreOptions options = StoreOptions.defaults();
        private SchemaMode mode = SchemaMode.APPLY;
        private PostgresSql sql = new PostgresSql(DEFAULT_SCHEMA);

        private Builder(DataSource source) {
            this.source = source;
            this.url = null;
        }

        Builder(PostgresUrl url) {
            this.source = null;
            this.url = url;
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
         * The schema that holds the tables; it is created if it may be. Default: {@code cairn}.
         *
         * @throws IllegalArgumentException if it is not 1 to 63 lower-case letters, digits and underscores
         */
        public Builder schemaName(String value) {
            sql = new PostgresSql(value);
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws StorageUnusableException if the server is older than 15, does not keep text as UTF-8, is a standby, refuses
         *     the user, lacks a table under {@link SchemaMode#VERIFY}, or is weaker than asked; nothing was written
         * @throws dev.cairn.error.SchemaTooNewException if the tables ask for a newer Cairn; nothing was written
         * @throws dev.cairn.error.StoreUnavailableException if the server cannot be reached
         * @throws IllegalStateException if the {@code DataSource} hands out a connection that is inside a transaction
         */
        public PostgresStateStore open() {
            if (url == null) {
                return open(
                        Objects.requireNonNull(source), () -> {}, "PostgreSQL of the DataSource", Way.LENT, Way.POOLED);
            }
            boolean told = url.saysWhatToPrepare();
            HikariDataSource pool = url.pool(options);
            boolean opened = false;
            try {
                PostgresStateStore store =
                        open(pool, pool::close, url.where(), told ? Way.LENT : Way.OWN, told ? Way.LENT : Way.POOLED);
                opened = true;
                return store;
            } finally {
                if (!opened) {
                    pool.close();
                }
            }
        }

        private PostgresStateStore open(
                DataSource from, Runnable closing, String where, Way direct, Way throughPooler) {
            PostgresErrors errors = new PostgresErrors(where);
            // The first look prepares nothing, whatever stands in between.
            Look look = new PostgresConnections(from, Way.POOLED, PostgresConnections.TRUSTED, () -> {}, errors)
                    .read(Look::at);
            look.require(where);
            Way way = look.pooled() ? throughPooler : direct;
            PostgresConnections connections =
                    new PostgresConnections(from, way, PostgresConnections.TRUSTED, closing, errors);
            sayWeak(look.facts(options), where);
            new PostgresSchema(sql, mode).setUp(connections);
            PostgresStateStore store = new PostgresStateStore(connections, sql, options);
            if (way == Way.OWN) {
                connections.write(store.leases::prepare);
            }
            return store;
        }

        private void sayWeak(Facts facts, String where) {
            if (!facts.warnings().isEmpty() && options.onWeak() == OnWeak.REFUSE) {
                throw new StorageUnusableException(where + ": " + String.join("; ", facts.warnings()));
            }
            facts.warnings().forEach(warning -> LOG.warn("{}: {}", where, warning));
        }
    }

    /**
     * The first look at a server.
     *
     * @param pooled whether the connection's own server process is not the one that answers, so that a pooler stands between
     */
    private record Look(PostgresFacts.Server server, boolean pooled) {
        static Look at(PostgresSession session) throws SQLException {
            PostgresFacts.Server server = PostgresFacts.ask(session);
            boolean known = session.connection().isWrapperFor(PGConnection.class);
            boolean pooled =
                    !known || session.connection().unwrap(PGConnection.class).getBackendPID() != server.backend();
            return new Look(server, pooled);
        }

        Facts facts(StoreOptions options) {
            return PostgresFacts.of(server, pooled, options);
        }

        void require(String where) {
            if (server.version() < PostgresFacts.OLDEST_VERSION) {
                throw new StorageUnusableException(where + ": the server is PostgreSQL " + server.get("server_version")
                        + ", the oldest that is supported is " + PostgresFacts.OLDEST_VERSION / 10_000
                        + "; upgrade it");
            }
            if (!server.get("server_encoding").equals("UTF8")) {
                throw new StorageUnusableException(where + ": the database keeps text as "
                        + server.get("server_encoding") + "; use one that was created with encoding UTF8");
            }
            if (server.standby() || server.get("transaction_read_only").equals("on")) {
                throw new StorageUnusableException(
                        where + ": the server takes no writes, as a standby or because of"
                                + " default_transaction_read_only; name the primary, or all hosts and targetServerType=primary");
            }
        }
    }

    @Override
    public String namespace() {
        return options.namespace();
    }

    @Override
    public Facts facts() {
        return connections.read(Look::at).facts(options);
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        limits.checkBatch(entries);
        if (entries.size() == 1) {
            Entry entry = entries.get(0);
            return List.of(limits.refusal(entry).orElseGet(() -> journal.append(connections, entry)));
        }
        List<Entry> fitting = new ArrayList<>();
        for (Entry entry : entries) {
            if (limits.refusal(entry).isEmpty()) {
                fitting.add(entry);
            }
        }
        Map<Entry, Appended> answers = journal.append(connections, fitting);
        return entries.stream()
                .map(entry -> limits.refusal(entry).orElseGet(() -> Objects.requireNonNull(answers.get(entry))))
                .toList();
    }

    @Override
    public Acquired acquire(Acquire request) {
        limits.check(request);
        return leases.acquire(connections, request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        limits.check(request);
        return claims.claim(connections, request);
    }

    @Override
    public Settled settle(Settle request) {
        limits.check(request);
        return connections.write(session -> runs.settle(session, request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        List<Renewal> renewals = List.copyOf(leases);
        return runs.renew(connections, renewals);
    }

    @Override
    public Signalled signal(String runId, Message message) {
        limits.check(runId, message);
        return connections.write(session -> runs.signal(session, runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return connections.read(session -> runs.read(session, request));
    }

    @Override
    public RunPage list(RunQuery query) {
        Optional<PageToken> after = query.after().map(token -> PageToken.decode(token, namespace(), query));
        return connections.read(session -> listing.list(session, query, after));
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        List<Erased> answers = new ArrayList<>();
        for (Erase erase : List.copyOf(erases)) {
            answers.add(connections.write(session -> erasing.erase(session, erase)));
        }
        return answers;
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
