// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Rows of the step cache. Who writes into a scope locks the scope first, so that its limit holds. */
final class PostgresCache {
    private final StoreOptions options;
    private final String get;
    private final String put;
    private final String delete;
    private final String clear;

    PostgresCache(PostgresSql sql, StoreOptions options) {
        this.options = options;
        this.get = sql.of(GET);
        this.put = sql.transaction(PUT);
        this.delete = sql.transaction(DELETE);
        this.clear = sql.transaction(CLEAR);
    }

    private Query common(Query query, String scope) {
        return query.bind("bound", Long.toString(options.lockBound().toMillis()))
                .bind("namespace", options.namespace())
                .bind("scope", scope);
    }

    private static final String GET = """
            select outcome, checksum from @cache
            where namespace = :namespace and scope = :scope and key = :key and (expires is null or expires > @now)
            """;

    Optional<Bytes> get(PostgresSession session, CacheKey key) {
        return session.request(
                get,
                query -> common(query, key.scope()).bind("key", key.key()),
                results -> results.row(row -> outcome(row, key)));
    }

    private static Bytes outcome(ResultSet row, CacheKey key) throws SQLException {
        Bytes outcome = Bytes.adopt(row.getBytes("outcome"));
        if (row.getInt("checksum") != PostgresRows.checksum(outcome, key.scope(), key.key())) {
            throw new CorruptException("the cached outcome of step " + key.key() + " in scope " + key.scope()
                    + " does not fit its checksum; delete it from the cache");
        }
        return outcome;
    }

    // What expired goes first, then the least recently written; never what was just written, and nothing if it was
    // kept.
    private static final String PUT = """
            insert into @cache_scope (namespace, scope) values (:namespace, :scope)
                on conflict (namespace, scope) do update set scope = excluded.scope where false;
            select 1 as _ from @cache_scope where namespace = :namespace and scope = :scope for update;
            insert into @cache as c (namespace, scope, key, written, expires, checksum, outcome)
            select :namespace, :scope, :key, 1 + coalesce((
                    select max(written) from @cache where namespace = :namespace and scope = :scope), 0),
                case when :ttl::bigint > 9223372036854775807 - @now then null else @now + :ttl::bigint end, :checksum, :outcome
            on conflict (namespace, scope, key) do update set written = excluded.written, expires = excluded.expires,
                checksum = excluded.checksum, outcome = excluded.outcome
            where :replace or c.expires <= @now;
            delete from @cache as c using (
                select key, row_number() over (
                    order by expires is not null and expires <= (select @now), written desc) as rank
                from @cache where namespace = :namespace and scope = :scope
            ) as r
            where c.namespace = :namespace and c.scope = :scope and c.key = r.key and r.rank > :max and c.key <> :key
                and (select count(*) from @cache where namespace = :namespace and scope = :scope) > :max
                and exists (
                    select 1 from @cache where namespace = :namespace and scope = :scope and key = :key and written = (
                        select max(written) from @cache where namespace = :namespace and scope = :scope));
            select outcome, checksum from @cache where namespace = :namespace and scope = :scope and key = :key;
            """;

    /** Writes an outcome unless one stands that is to be kept; answers what stands. */
    Bytes put(PostgresSession session, CachePut put) {
        CacheKey key = put.key();
        boolean forever = put.ttl().compareTo(CachePut.FOREVER) >= 0;
        return session.request(
                this.put,
                query -> common(query, key.scope())
                        .bind("key", key.key())
                        .bind("ttl", forever ? Long.MAX_VALUE : put.ttl().toMillis())
                        .bind("checksum", PostgresRows.checksum(put.outcome(), key.scope(), key.key()))
                        .bind("outcome", put.outcome().toArray())
                        .bind("replace", put.existing() == Existing.REPLACE)
                        .bind("max", put.maxEntries()),
                results -> results.row(row -> outcome(row, key)).orElseThrow());
    }

    // Writes also where nothing is left to delete: the commit of a repeat waits for the standby that the first one may
    // have missed (CRASH-10). No scope stays behind that holds nothing.
    private static final String DELETE = """
            insert into @cache_scope (namespace, scope) values (:namespace, :scope)
                on conflict (namespace, scope) do update set scope = excluded.scope where false;
            delete from @cache where namespace = :namespace and scope = :scope and key = :key;
            delete from @cache_scope where namespace = :namespace and scope = :scope
                and not exists (select 1 from @cache where namespace = :namespace and scope = :scope);
            """;

    boolean delete(PostgresSession session, CacheKey key) {
        return session.request(delete, query -> common(query, key.scope()).bind("key", key.key()), results -> true);
    }

    // The same.
    private static final String CLEAR = """
            insert into @cache_scope (namespace, scope) values (:namespace, :scope)
                on conflict (namespace, scope) do update set scope = excluded.scope where false;
            delete from @cache where namespace = :namespace and scope = :scope;
            delete from @cache_scope where namespace = :namespace and scope = :scope;
            """;

    boolean clear(PostgresSession session, String scope) {
        return session.request(clear, query -> common(query, scope), results -> true);
    }
}
