// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.CorruptException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Received;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.WorkflowVersions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claim: takes the heads that are due and that nobody locks, and writes their grants in order of run id. */
final class PostgresClaims {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresClaims.class);

    private final StoreOptions options;
    private final String claim;

    private final PostgresLeases leases;
    private final String due;

    PostgresClaims(PostgresSql sql, StoreOptions options, PostgresLeases leases) {
        this.options = options;
        this.leases = leases;
        this.due = sql.of(DUE);
        this.claim = sql.transaction(CHOOSE + GRANT + GRANT + HEADS + ANSWER);
    }

    // A repeat locks what it took before: so its answer waits for the standby too (CRASH-10), and it takes no more. The
    // second choice serves a clock that was set back: leases that were anchored in the future.
    private static final String CHOOSE = """
            select 1 as _ from @head where namespace = :namespace and lease_id = :lease::uuid order by run_id for update;
            select set_config('cairn.claimed', coalesce((
                select jsonb_agg(c.run_id)::text from (
                    select h.run_id from jsonb_to_recordset(:asked::jsonb) as w (workflow text, version int)
                    cross join lateral (
                        select run_id, claim_at from @head
                        where namespace = :namespace and workflow = w.workflow and version = w.version
                            and claim_at <= (select @now)
                        order by claim_at limit :limit
                        for update skip locked
                    ) as h
                    where not exists (select 1 from @head where namespace = :namespace and lease_id = :lease::uuid)
                    order by h.claim_at, h.run_id limit :limit
                ) as c), '[]'), true) as _;
            select set_config('cairn.claimed', (current_setting('cairn.claimed')::jsonb || coalesce((
                select jsonb_agg(c.run_id) from (
                    select h.run_id from jsonb_to_recordset(:asked::jsonb) as w (workflow text, version int)
                    cross join lateral (
                        select run_id from @head
                        where namespace = :namespace and workflow = w.workflow and version = w.version
                            and lease_id is not null and deadline - ttl > (select @now)
                            and (status in ('READY', 'BLOCKED') or status = 'SUSPENDED' and due <= (select @now))
                        limit :limit
                        for update skip locked
                    ) as h
                    limit :limit - jsonb_array_length(current_setting('cairn.claimed')::jsonb)
                ) as c), '[]'))::text, true) as _
            where not exists (select 1 from @head where namespace = :namespace and lease_id = :lease::uuid);
            """;

    private static final String CLAIMED = "(select jsonb_array_elements_text(current_setting('cairn.claimed')::jsonb))";

    private static final String GRANT = """
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select @journal(h), j.length, 0, t.token, :lease::uuid, :commit::uuid,
                :checksum # @fold(t.token) # @fold(j.length), :body
            from @head as h
            cross join lateral (
                select count(*) as rows, coalesce(max(place), -1) + 1 as length,
                    coalesce(bool_or(kind <= 1 and lease_id = :lease::uuid), false) as mine
                from @entry as e where e.journal = @journal(h)
            ) as j
            cross join lateral (select h.token + 1 as token) as t
            where h.namespace = :namespace and h.run_id in %s and not j.mine and j.rows = j.length and j.rows > 0
            order by h.run_id
            on conflict do nothing;
            """.formatted(CLAIMED);

    private static final String HEADS = """
            update @head as h set token = g.token, lease_id = :lease::uuid, ttl = :ttl, deadline = @now + :ttl,
                version = w.takes_as
            from @entry as g, jsonb_to_recordset(:asked::jsonb) as w (workflow text, version int, takes_as int)
            where h.namespace = :namespace and h.run_id in %s and w.workflow = h.workflow and w.version = h.version
                and g.journal = @journal(h) and g.place = %s
                and g.token = h.token + 1 and g.kind = 0 and g.lease_id = :lease::uuid;
            """.formatted(CLAIMED, PostgresLeases.LAST);

    private static final String ANSWER = """
            select @now as now, %s from @head as h where h.namespace = :namespace and h.lease_id = :lease::uuid
            order by h.run_id;
            select p.*, h.run_id from @head as h cross join lateral (%s) as p
            where h.namespace = :namespace and h.lease_id = :lease::uuid order by h.run_id, p.place;
            select p.*, h.run_id from @head as h cross join lateral (%s) as p
            where h.namespace = :namespace and h.lease_id = :lease::uuid order by h.run_id, p.position, p.id;
            select e.text as _claimed from %s as e (text);
            """.formatted(
                    PostgresRows.HEAD,
                    inner(PostgresPages.entries(PostgresRows.ENTRY, "e.journal = @journal(h)")),
                    inner(PostgresPages.messages(
                            PostgresRows.MESSAGE,
                            "m.namespace = h.namespace and m.run_id = h.run_id and m.incarnation = h.incarnation")),
                    CLAIMED);

    /** As part of another statement; a page of a claim is its share of one. */
    private static String inner(String statement) {
        return statement.strip().replaceFirst(";$", "").replace(":page", """
                :page / (select count(*) from @head where namespace = :namespace and lease_id = :lease::uuid)""");
    }

    private record Taken(Head head, Instant now) {}

    private record OfRun<T>(String runId, T value) {}

    // What is due, to be acquired one by one: a grant of one run waits for whoever writes at its place.
    private static final String DUE = """
            select h.run_id, h.workflow, h.version from @head as h
            join jsonb_to_recordset(:asked::jsonb) as w (workflow text, version int)
                on h.workflow = w.workflow and h.version = w.version
            where h.namespace = :namespace and h.claim_at <= @now
            order by h.claim_at, h.run_id limit :limit
            """;

    private record Due(String runId, String workflow, int version) {}

    /** Claims in one request; where one run is stuck and holds it up, the due runs each by themselves, without the stuck one. */
    List<Granted> claim(PostgresConnections connections, Claim request) {
        try {
            return connections.write(session -> claim(session, request));
        } catch (StoreUnavailableException e) {
            if (!PostgresErrors.isLockTimeout(e)) {
                throw e;
            }
            return oneByOne(connections, request, e);
        }
    }

    private List<Granted> oneByOne(PostgresConnections connections, Claim request, StoreUnavailableException stuck) {
        List<Due> runs = connections.read(session -> session.request(
                due,
                query -> bind(query, request),
                results -> results.rows(row -> new Due(row.getString(1), row.getString(2), row.getInt(3)))));
        List<Granted> answers = new ArrayList<>();
        for (Due run : runs) {
            WorkflowVersions workflow = request.workflows().stream()
                    .filter(asked -> asked.workflow().equals(run.workflow())
                            && asked.accepted().contains(run.version()))
                    .findFirst()
                    .orElseThrow();
            try {
                if (leases.acquire(connections, HeadRules.claimOne(request, run.runId(), workflow))
                        instanceof Granted it) {
                    answers.add(it);
                }
            } catch (StoreUnavailableException | CorruptException e) {
                LOG.warn("run {} is due and cannot be claimed: {}", run.runId(), e.getMessage());
            }
        }
        if (answers.isEmpty()) {
            throw stuck;
        }
        return answers;
    }

    private List<Granted> claim(PostgresSession session, Claim request) {
        return session.request(claim, query -> bind(query, request), results -> {
            Map<String, Taken> taken = new LinkedHashMap<>();
            for (Taken each : results.rows(row -> new Taken(PostgresRows.head(row), PostgresRows.time(row, "now")))) {
                taken.put(each.head().runId(), each);
            }
            List<OfRun<Entry>> entries = results.rows(row -> {
                String runId = row.getString("run_id");
                return new OfRun<>(runId, new PostgresRows.Entries(runId, incarnation(taken, runId)).entry(row));
            });
            List<OfRun<Received>> messages = results.rows(row -> {
                String runId = row.getString("run_id");
                return new OfRun<>(runId, PostgresRows.message(row, runId));
            });
            return granted(inOrder(taken, results.rows(row -> row.getString(1))), entries, messages);
        });
    }

    /** Longest due first; of a repeat, in order of their ids. */
    private static Map<String, Taken> inOrder(Map<String, Taken> taken, List<String> claimed) {
        Map<String, Taken> ordered = new LinkedHashMap<>();
        for (String runId : claimed) {
            Taken run = taken.remove(runId);
            if (run == null) {
                LOG.warn("run {} is due and cannot be claimed: its journal has a gap, or its holder writes on", runId);
            } else {
                ordered.put(runId, run);
            }
        }
        ordered.putAll(taken);
        return ordered;
    }

    private static dev.cairn.spi.Incarnation incarnation(Map<String, Taken> taken, String runId) {
        Taken run = taken.get(runId);
        if (run == null) {
            throw new AssertionError("an entry without a head");
        }
        return run.head().incarnation();
    }

    private List<Granted> granted(Map<String, Taken> taken, List<OfRun<Entry>> entries, List<OfRun<Received>> messages)
            throws SQLException {
        List<Granted> answers = new ArrayList<>();
        int share = Math.max(1, options.pageBytes() / Math.max(1, taken.size()));
        for (Taken run : taken.values()) {
            String runId = run.head().runId();
            answers.add(PostgresLeases.granted(run.head(), run.now(), share, of(entries, runId), of(messages, runId)));
        }
        return answers;
    }

    private static <T> List<T> of(List<OfRun<T>> rows, String runId) {
        return rows.stream()
                .filter(row -> row.runId().equals(runId))
                .map(OfRun::value)
                .toList();
    }

    /** A version of a workflow that is asked for, and the one that takes it. */
    private record Asked(String workflow, int version, int takes_as) {}

    private Query bind(Query query, Claim request) {
        Map<String, Asked> asked = new LinkedHashMap<>();
        for (WorkflowVersions workflow : request.workflows()) {
            for (int version : workflow.accepted()) {
                asked.putIfAbsent(
                        workflow.workflow() + '\0' + version,
                        new Asked(workflow.workflow(), version, workflow.version()));
            }
        }
        CommitId commit = CommitId.ofGrant(request.id());
        return query.bind("bound", Long.toString(options.lockBound().toMillis()))
                .bind("namespace", options.namespace())
                .bind("lease", request.id().id().toString())
                .bind("commit", commit.id().toString())
                .bind("ttl", request.ttl().toMillis())
                .bind("limit", request.limit())
                .bind("asked", PostgresRows.json(asked.values()))
                .bind("checksum", Entry.checksumWithoutPlace(request.id(), EntryKind.GRANT, commit, request.grant()))
                .bind("body", request.grant().toArray())
                .bind("place", 0L)
                .bind("order", -1L)
                .bind("message", "")
                .bind("page", (long) options.pageBytes());
    }
}
