// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the step cache. */
final class SqliteCache {
    private final String namespace;

    SqliteCache(String namespace) {
        this.namespace = namespace;
    }

    private static final String GET = """
            SELECT outcome, checksum FROM cairn_cache
            WHERE namespace = :namespace AND scope = :scope AND step_key = :key AND (expires IS NULL OR expires > :now)
            """;

    Optional<Bytes> get(SqliteSession session, CacheKey key) throws SQLException {
        Instant now = session.now();
        return session.row(
                GET,
                row -> outcome(row, key),
                "namespace",
                namespace,
                "scope",
                key.scope(),
                "key",
                key.key(),
                "now",
                now);
    }

    private static Bytes outcome(ResultSet row, CacheKey key) throws SQLException {
        byte[] stored = row.getBytes("outcome");
        Bytes outcome = Bytes.adopt(stored == null ? new byte[0] : stored);
        if (row.getInt("checksum") != SqliteJournal.checksum(outcome, key.scope(), key.key())) {
            throw new CorruptException("the cached outcome of step " + key.key() + " in scope " + key.scope()
                    + " does not fit its checksum; delete it from the cache");
        }
        return outcome;
    }

    private static final String PUT = """
            INSERT OR REPLACE INTO cairn_cache (namespace, scope, step_key, written, expires, checksum, outcome)
            VALUES (:namespace, :scope, :key,
                (SELECT coalesce(max(written), 0) + 1 FROM cairn_cache WHERE namespace = :namespace AND scope = :scope),
                :expires, :checksum, :outcome)
            """;

    /** Writes an outcome unless one stands that is to be kept; answers what stands. */
    Bytes put(SqliteSession session, CachePut put) throws SQLException {
        CacheKey key = put.key();
        Optional<Bytes> standing = put.existing() == Existing.KEEP ? get(session, key) : Optional.empty();
        if (standing.isPresent()) {
            return standing.get();
        }
        Instant now = session.now();
        int checksum = SqliteJournal.checksum(put.outcome(), key.scope(), key.key());
        session.update(
                PUT,
                "namespace",
                namespace,
                "scope",
                key.scope(),
                "key",
                key.key(),
                "expires",
                expires(put, now),
                "checksum",
                checksum,
                "outcome",
                put.outcome());
        evict(session, put, now);
        return put.outcome();
    }

    private static @Nullable Long expires(CachePut put, Instant now) {
        boolean forever = put.ttl().compareTo(CachePut.FOREVER) >= 0;
        long room = Long.MAX_VALUE - now.toEpochMilli();
        return forever ? null : now.toEpochMilli() + Math.min(put.ttl().toMillis(), room);
    }

    private static final String COUNT =
            "SELECT count(*) FROM cairn_cache WHERE namespace = :namespace AND scope = :scope";

    private static final String EVICT = """
            DELETE FROM cairn_cache WHERE rowid IN (
                SELECT rowid FROM cairn_cache WHERE namespace = :namespace AND scope = :scope
                ORDER BY expires IS NOT NULL AND expires <= :now, written DESC LIMIT -1 OFFSET :limit
            )
            """;

    /** What expired goes first, then the least recently written; never what was just written. */
    private void evict(SqliteSession session, CachePut put, Instant now) {
        String scope = put.key().scope();
        int count = session.row(COUNT, row -> row.getInt(1), "namespace", namespace, "scope", scope)
                .orElseThrow();
        if (count > put.maxEntries()) {
            session.update(EVICT, "namespace", namespace, "scope", scope, "now", now, "limit", put.maxEntries());
        }
    }

    private static final String DELETE =
            "DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope AND step_key = :key";

    int delete(SqliteSession session, CacheKey key) {
        return session.update(DELETE, "namespace", namespace, "scope", key.scope(), "key", key.key());
    }

    private static final String CLEAR = "DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope";

    int clear(SqliteSession session, String scope) {
        return session.update(CLEAR, "namespace", namespace, "scope", scope);
    }
}
