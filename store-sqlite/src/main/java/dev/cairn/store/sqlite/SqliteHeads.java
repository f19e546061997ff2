// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.spi.Head;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Millis;
import dev.cairn.spi.PageToken;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of heads: how they are read, written and looked for. */
final class SqliteHeads {
    /** The bytes of an id, as it is stored. */
    static final int ID_BYTES = 16;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String namespace;

    SqliteHeads(String namespace) {
        this.namespace = namespace;
    }

    private static final String FIND = """
            SELECT run_id, workflow, version, status, incarnation, token, lease, deadline, ttl, due, awaits, signals,
                labels, progress, reason, beside, source_token, created, changed
            FROM cairn_head WHERE namespace = :namespace AND run_id = :run
            """;

    Optional<Head> find(SqliteSession session, String runId) {
        return session.row(FIND, SqliteHeads::head, "namespace", namespace, "run", runId);
    }

    private static final String CREATE = """
            INSERT OR REPLACE INTO cairn_head (namespace, run_id, workflow, version, status, incarnation, token, lease,
                deadline, ttl, due, awaits, signals, labels, progress, reason, beside, source_token, created, changed)
            VALUES (:namespace, :runId, :workflow, :version, :status, :incarnation.id, :token, :leaseId,
                :deadline, :ttl, :due, :awaitsJson, :signals, :labelsJson, :progress, :reason, :besideJson, :sourceToken,
                :created, :changed)
            """;

    /** Writes the head of a new run, over that of a deleted one or an abandoned arrival. */
    void create(SqliteSession session, Head head) {
        write(session, CREATE, head);
    }

    private static final String UPDATE = """
            UPDATE cairn_head SET version = :version, status = :status, incarnation = :incarnation.id, token = :token,
                lease = :leaseId, deadline = :deadline, ttl = :ttl, due = :due, awaits = :awaitsJson, signals = :signals,
                labels = :labelsJson, progress = :progress, reason = :reason, beside = :besideJson,
                source_token = :sourceToken, changed = :changed
            WHERE namespace = :namespace AND run_id = :runId
            """;

    /** Writes a head over the one it was made from; workflow and creation stay, and so does an index. */
    void update(SqliteSession session, Head head) {
        write(session, UPDATE, head);
    }

    private void write(SqliteSession session, String sql, Head head) {
        LeaseTerm lease = head.lease().orElse(null);
        session.updateWith(
                sql,
                update -> update.bindMethods(head)
                        .bind("namespace", namespace)
                        .bind("leaseId", lease == null ? null : lease.id().id())
                        .bind("deadline", lease == null ? null : lease.deadline())
                        .bind("ttl", lease == null ? null : lease.ttl().toMillis())
                        .bind("awaitsJson", JSON.writeValueAsString(head.awaits()))
                        .bind(
                                "labelsJson",
                                JSON.writeValueAsString(head.labels().all()))
                        .bind("besideJson", JSON.writeValueAsString(besideMillis(head))));
    }

    private static Map<String, Long> besideMillis(Head head) {
        Map<String, Long> millis = new LinkedHashMap<>();
        head.beside().forEach((incarnation, since) -> millis.put(incarnation.toString(), since.toEpochMilli()));
        return millis;
    }

    private static final String DELETE = "DELETE FROM cairn_head WHERE namespace = :namespace AND run_id = :run";

    void delete(SqliteSession session, String runId) {
        session.update(DELETE, "namespace", namespace, "run", runId);
    }

    private static final String LEASED = """
            SELECT run_id, workflow, version, status, incarnation, token, lease, deadline, ttl, due, awaits, signals,
                labels, progress, reason, beside, source_token, created, changed
            FROM cairn_head WHERE lease = :lease AND namespace = :namespace ORDER BY run_id
            """;

    /** The runs over which a lease id stands: those of one claim. */
    List<Head> leased(SqliteSession session, LeaseId lease) {
        return session.rows(LEASED, SqliteHeads::head, "lease", lease.id(), "namespace", namespace);
    }

    private static final String CLAIMABLE = """
            SELECT run_id, wake FROM (
                SELECT run_id, wake FROM cairn_head
                WHERE namespace = :namespace AND workflow = :workflow AND wake <= :now
                    AND version IN (SELECT value FROM json_each(:versions))
                ORDER BY wake LIMIT :limit
            )
            UNION
            SELECT run_id, wake FROM (
                SELECT run_id, wake FROM cairn_head
                WHERE namespace = :namespace AND workflow = :workflow AND lease IS NOT NULL AND deadline - ttl > :now
                    AND wake IS NOT NULL AND (status <> 'SUSPENDED' OR due <= :now) AND version IN (SELECT value FROM json_each(:versions))
                ORDER BY deadline - ttl LIMIT :limit
            )
            ORDER BY wake, run_id LIMIT :limit
            """;

    /** A run that may be claimed, and since when. */
    record Claimable(String runId, long wake, WorkflowVersions workflow) {}

    /** The runs of a workflow that may be claimed, the longest due first; a lease from before the clock went back too. */
    List<Claimable> claimable(SqliteSession session, WorkflowVersions workflow, int limit, Instant now) {
        return session.rows(
                CLAIMABLE,
                row -> new Claimable(row.getString("run_id"), row.getLong("wake"), workflow),
                "namespace",
                namespace,
                "workflow",
                workflow.workflow(),
                "versions",
                workflow.accepted().toString(),
                "now",
                now,
                "limit",
                limit);
    }

    private static final String LIST = """
            SELECT run_id, workflow, version, status, incarnation, token, lease, deadline, ttl, due, awaits, signals,
                labels, progress, reason, beside, source_token, created, changed
            FROM cairn_head
            WHERE namespace = :namespace
                AND created <= :after AND (created < :after OR run_id > :afterRun)
                AND CASE :among WHEN 'RUNS' THEN status <> 'GONE' ELSE status = 'GONE' OR beside <> '{}' END
                AND (:statusesJson = '[]' OR shown IN (SELECT value FROM json_each(:statusesJson)))
                AND (:workflow IS NULL OR workflow = :workflow)
                AND NOT EXISTS (
                    SELECT 1 FROM json_each(:labelsJson) AS asked
                    WHERE NOT EXISTS (
                        SELECT 1 FROM json_each(cairn_head.labels) AS has
                        WHERE has.key = asked.key AND has.value = asked.value
                    )
                )
                AND created >= :createdFrom AND created < :createdTo
                AND changed >= :changedFrom AND changed < :changedTo
                AND (:age = 0 OR changed <= :now - :age)
                AND substr(run_id, 1, length(:prefix)) = :prefix
            ORDER BY created DESC, run_id LIMIT :limit + 1
            """;

    /** Heads behind a page token, one more than the page has, so that its end is known. */
    List<Head> list(SqliteSession session, RunQuery asked, Optional<PageToken> after, Instant now) {
        return session.rowsWith(
                LIST,
                SqliteHeads::head,
                query -> query.bindMethods(asked)
                        .bind("namespace", namespace)
                        .bind("after", after.map(PageToken::created).orElse(Instant.ofEpochMilli(Long.MAX_VALUE)))
                        .bind("afterRun", after.map(PageToken::runId).orElse(""))
                        .bind("statusesJson", JSON.writeValueAsString(asked.statuses()))
                        .bind("labelsJson", JSON.writeValueAsString(asked.labels()))
                        .bind("age", Millis.ceil(Instant.EPOCH.plus(asked.unchangedFor())))
                        .bind("now", now));
    }

    private static Head head(ResultSet row) throws SQLException {
        String runId = row.getString("run_id");
        try {
            return new Head(
                    runId,
                    row.getString("workflow"),
                    row.getInt("version"),
                    status(runId, row.getString("status")),
                    new Incarnation(uuid(row.getBytes("incarnation"))),
                    row.getLong("token"),
                    lease(row),
                    instant(row, "due"),
                    new TreeSet<>(Arrays.asList(JSON.readValue(row.getString("awaits"), String[].class))),
                    row.getLong("signals"),
                    new Labels(
                            JSON.readValue(row.getString("labels"), new TypeReference<TreeMap<String, String>>() {})),
                    row.getString("progress"),
                    row.getString("reason"),
                    beside(row.getString("beside")),
                    row.getLong("source_token"),
                    Instant.ofEpochMilli(row.getLong("created")),
                    Instant.ofEpochMilli(row.getLong("changed")));
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new CorruptException(
                    "the head of run " + runId + " is not as it was written; restore the database from a"
                            + " backup, or delete the row of cairn_head",
                    e);
        }
    }

    private static RunStatus status(String runId, String name) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownFormatException(
                        "run " + runId + " has a status that this version does not know; use a newer Cairn"));
    }

    private static Optional<LeaseTerm> lease(ResultSet row) throws SQLException {
        byte[] id = row.getBytes("lease");
        return id == null
                ? Optional.empty()
                : Optional.of(new LeaseTerm(
                        new LeaseId(uuid(id)),
                        Instant.ofEpochMilli(row.getLong("deadline")),
                        Duration.ofMillis(row.getLong("ttl"))));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Map<Incarnation, Instant> beside(String json) {
        Map<Incarnation, Instant> beside = new LinkedHashMap<>();
        JSON.readValue(json, new TypeReference<LinkedHashMap<String, Long>>() {})
                .forEach((id, since) -> beside.put(new Incarnation(UUID.fromString(id)), Instant.ofEpochMilli(since)));
        return beside;
    }

    static UUID uuid(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length != ID_BYTES) {
            throw new IllegalArgumentException("an id has 16 bytes");
        }
        return uuid(bytes, 0);
    }

    /** The id that begins there. */
    static UUID uuid(byte[] bytes, int at) {
        if (bytes.length < at + ID_BYTES) {
            throw new IllegalArgumentException("an id has 16 bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(at), buffer.getLong(at + Long.BYTES));
    }
}
