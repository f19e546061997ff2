// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.PageBuilder;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Acquire: decides in the server, in one request of several statements, since each sees what was committed while the one
 * before it waited. The decisions are those of {@link dev.cairn.spi.HeadRules}, in the same order.
 */
final class PostgresLeases {
    /** How often a grant is tried again for a holder that appends without pause; each try has two. */
    private static final int TRIES = 50;

    private static final String NO_NAMESPACE = "";

    private final StoreOptions options;
    private final JournalKeys journals;
    private final PostgresRuns runs;
    private final String acquire;

    PostgresLeases(PostgresSql sql, StoreOptions options, JournalKeys journals, PostgresRuns runs) {
        this.options = options;
        this.journals = journals;
        this.runs = runs;
        this.acquire = sql.transaction(LOCK + DECIDE + CREATE + LOOK + GRANT + GRANT + HEAD + ANSWER);
    }

    // Creates the head or locks it: a lock on a head that is not there locks nothing.
    private static final String LOCK = """
            insert into @head (namespace, run_id, workflow, version, status, incarnation, token, created, changed)
            select :namespace, :run, '', 1, 'GONE', '00000000-0000-0000-0000-000000000000', 0, 0, 0 where :creates
            on conflict (namespace, run_id) do update set run_id = excluded.run_id where false;
            select set_config('cairn.locked', coalesce((
                select 'yes' from @head where namespace = :namespace and run_id = :run for update), 'no'), true) as _;
            """;

    private static final String DECIDE = """
            select set_config('cairn.answer', coalesce((
                select case
                    when h.status <> 'GONE' and h.lease_id = :lease::uuid then 'AGAIN'
                    when :creates and (h.status = 'GONE' or h.status = 'ARRIVING'
                        and case when h.source_token > 0 or :source > 0
                            then :source > h.source_token and h.source_token > 0 else not t.leased end)
                        then case when h.incarnation = :inc::uuid or jsonb_exists(h.beside, :inc)
                            then 'EXISTS' else 'CREATE' end
                    when h.status = 'GONE' then 'ABSENT'
                    when h.status = 'ARRIVING' then 'ARRIVING'
                    when not :takes then 'EXISTS'
                    when h.workflow <> :workflow::text then 'WORKFLOW'
                    when not t.wanted and (h.status in ('COMPLETED', 'FAILED', 'CANCELLED') or :kind = 1) then 'ENDED'
                    when h.version <> all (:accepted::int[]) then 'VERSION'
                    when not :overLive and t.leased then 'HELD'
                    when not t.wanted and (t.leased
                        or (h.lease_id is null or h.status = 'SUSPENDED') and not coalesce(h.due <= t.now, false))
                        then case when exists (
                            select 1 from @entry as e where e.journal = @journal(h) and e.kind in (0, 1)
                                and e.lease_id = :lease::uuid) then 'HELD' else 'WAITING' end
                    else 'TAKE'
                end
                from @head as h, lateral (
                    select n.now, h.status = any (:statuses::text[]) as wanted,
                        h.lease_id is not null and n.now < h.deadline and h.deadline <= n.now + h.ttl as leased
                    from (select @now as now) as n
                ) as t
                where h.namespace = :namespace and h.run_id = :run and current_setting('cairn.locked') = 'yes'
            ), 'ABSENT'), true) as _;
            """;

    private static final String CREATE = """
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select :journal::uuid, 0, 0, t.token, :lease::uuid, :commit::uuid,
                :newChecksum # @fold(t.token), :newBody
            from @head as h, lateral (select greatest(@now, h.token + 1, :source + 1) as token) as t
            where h.namespace = :namespace and h.run_id = :run and current_setting('cairn.answer') = 'CREATE'
            on conflict do nothing;
            """;

    // One look at the journal: its length, whether it has a gap, its size for the page below, whether this lease was
    // granted before, and its revision.
    private static final String LOOK = """
            select set_config('cairn.answer', case when j.mine then 'HELD' else 'TAKE' end, true) as _,
                set_config('cairn.bytes', j.bytes::text, true),
                set_config('cairn.place', case
                    when j.rows = j.length and j.rows > 0 and (
                        :count::bigint is null or h.incarnation = :revision::uuid and :count::bigint = (
                            select count(*) filter (
                                where c.kind in (2, 3, 4) and coalesce(c.ended, -1) <= coalesce(c.reopened, -1))
                            from (
                                select e.kind, max(e.place) filter (where e.kind = 4) over earlier as ended,
                                    max(e.place) filter (where e.kind = 1) over earlier as reopened
                                from @entry as e where e.journal = @journal(h)
                                window earlier as (order by e.place rows between unbounded preceding and 1 preceding)
                            ) as c))
                    then j.length::text else '' end, true)
            from @head as h
            cross join lateral (
                select count(*) as rows, coalesce(max(place), -1) + 1 as length,
                    coalesce(sum(octet_length(body) + %s), 0) as bytes,
                    coalesce(bool_or(kind <= 1 and lease_id = :lease::uuid), false) as mine
                from @entry as e where e.journal = @journal(h)
            ) as j
            where h.namespace = :namespace and h.run_id = :run and current_setting('cairn.answer') = 'TAKE';
            """.formatted(PageBuilder.FRAME_BYTES);

    // Behind a grant that stands writes nobody but who was granted it: it is the last entry.
    static final String LAST = "(select max(place) from @entry as m where m.journal = @journal(h))";

    // Sent twice, for a holder that wrote at the place meanwhile. The grant goes to the very place behind the revision
    // that was compared, or nowhere; where none is asked for, behind whatever is the last entry by now.
    private static final String GRANT = """
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select @journal(h), p.place, :kind, t.token, :lease::uuid, :commit::uuid,
                :checksum # @fold(t.token) # @fold(p.place), :body
            from @head as h
            cross join lateral (select case when :count::bigint is null then 1 + %1$s
                else nullif(current_setting('cairn.place', true), '')::bigint end as place) as p
            cross join lateral (select h.token + 1 as token) as t
            where h.namespace = :namespace and h.run_id = :run and current_setting('cairn.answer') = 'TAKE'
                and current_setting('cairn.place', true) <> ''
                and not exists (
                    select 1 from @entry as e where e.journal = @journal(h) and e.place = %1$s
                        and e.kind <= 1 and e.lease_id = :lease::uuid)
            on conflict do nothing;
            """.formatted(LAST);

    // What an import left that was given up, or a delete that was not finished, goes with the create over it (MOVE-02).
    private static final String HEAD = """
            update @head as h set token = g.token, lease_id = :lease::uuid, ttl = :ttl, deadline = @now + :ttl,
                version = coalesce(:version::int, h.version),
                status = case g.kind when 1 then 'READY' else h.status end,
                due = case g.kind when 1 then @now else h.due end,
                changed = case g.kind when 1 then @now else h.changed end
            from @entry as g
            where current_setting('cairn.answer') = 'TAKE' and h.namespace = :namespace and h.run_id = :run
                and g.journal = @journal(h) and g.place = %1$s and g.kind <= 1
                and g.lease_id = :lease::uuid;
            with old as (
                select @journal(h) as journal, h.incarnation from @head as h
                where h.namespace = :namespace and h.run_id = :run and h.changed <> 0
                    and current_setting('cairn.answer') = 'CREATE' and exists (
                        select 1 from @entry as g
                        where g.journal = :journal::uuid and g.place = 0 and g.lease_id = :lease::uuid)
            ), steps as (
                delete from @entry as e using old where e.journal = old.journal and e.kind in (2, 3)
            ), fences as (
                update @entry as e set %2$s
                from old where e.journal = old.journal and e.kind in (0, 1, 4)
            ), inbox as (
                delete from @message as m using old
                where m.namespace = :namespace and m.run_id = :run and m.incarnation = old.incarnation
            )
            update @head as h set workflow = :newWorkflow, version = :newVersion, status = :arrival,
                incarnation = :inc::uuid, token = g.token, lease_id = :lease::uuid, ttl = :ttl, deadline = t.now + :ttl,
                due = t.now, awaits = '{}', signals = 0, labels = :labels::jsonb, progress = '', reason = '',
                source_token = :source, created = t.now, changed = t.now,
                beside = h.beside || case when h.changed = 0 then '{}' else jsonb_build_object(h.incarnation, t.now) end
            from @entry as g, (select @now as now) as t
            where current_setting('cairn.answer') = 'CREATE' and h.namespace = :namespace and h.run_id = :run
                and g.journal = :journal::uuid and g.place = 0 and g.lease_id = :lease::uuid;
            delete from @head where namespace = :namespace and run_id = :run and changed = 0;
            """.formatted(LAST, PostgresErase.STRIPPED);

    private static final String HELD = """
            (select %s from @head as h where h.namespace = :namespace and h.run_id = :run and h.lease_id = :lease::uuid)""";

    private static final String ANSWER = """
            select current_setting('cairn.answer') as answer, @now as now, %s from @head as h
            where h.namespace = :namespace and h.run_id = :run;
            """.formatted(PostgresRows.HEAD)
            + PostgresPages.entriesSized(
                    PostgresRows.ENTRY, "e.journal = " + HELD.formatted("@journal(h)"), "cairn.bytes")
            + """
            select %s from @head as h
            cross join lateral (
                select min(m.place) as place from @entry as m
                where m.journal = @journal(h) and m.kind = 4
                    and m.place > coalesce((
                        select max(r.place) from @entry as r where r.journal = @journal(h) and r.kind = 1), -1)
            ) as ending
            join @entry as e on e.journal = @journal(h)
            where h.namespace = :namespace and h.run_id = :run and current_setting('cairn.answer') = 'ENDED'
                and ending.place is not null and e.place in (0, ending.place)
            order by e.place;
            """.formatted(PostgresRows.ENTRY)
            + PostgresPages.messages(
                    PostgresRows.MESSAGE,
                    "m.namespace = :namespace and m.run_id = :run and m.incarnation = "
                            + HELD.formatted("h.incarnation"));

    /** A question for a run that cannot be: what the server needs to prepare for the first acquire is then there. */
    boolean prepare(PostgresSession session) {
        Acquire nobody = new Acquire(
                "-",
                LeaseId.random(),
                Duration.ofSeconds(1),
                new Acquire.Take(Condition.open().build()),
                Bytes.empty());
        return session.request(
                acquire,
                query -> bind(query, nobody).bind("namespace", NO_NAMESPACE),
                results -> results.row(row -> row).isEmpty());
    }

    Acquired acquire(PostgresConnections connections, Acquire request) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Acquired> answer = connections
                    .write(session -> ask(session, request))
                    .or(() -> refusedByJournal(connections, request));
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new StoreUnavailableException("run " + request.runId()
                + ": its holder wrote faster than a grant could be written behind it; nothing was granted, try again");
    }

    /** Granted or refused; empty if the place of the grant was taken each time, or the journal does not allow it. */
    private Optional<Acquired> ask(PostgresSession session, Acquire request) {
        return session.request(acquire, query -> bind(query, request), results -> {
            Found found = results.row(row ->
                            new Found(row.getString("answer"), PostgresRows.time(row, "now"), PostgresRows.head(row)))
                    .orElse(Found.NOTHING);
            Head head = found.head();
            List<Entry> page = entries(results, head);
            List<Entry> ended = entries(results, head);
            List<Received> messages = results.rows(row -> PostgresRows.message(row, request.runId()));
            if (head == null) {
                return Optional.of(new Refused(Refused.Reason.ABSENT, Optional.empty(), Duration.ZERO, List.of()));
            }
            boolean held = head.status() != RunStatus.GONE
                    && head.lease()
                            .filter(term -> term.id().equals(request.leaseId()))
                            .isPresent();
            if (held) {
                return Optional.of(granted(head, found.now(), options.pageBytes(), page, messages));
            }
            return found.isGrant() ? Optional.empty() : Optional.of(refused(found, ended));
        });
    }

    /** What an acquire answered: how it decided, and the head afterwards. */
    private record Found(
            String answer, Instant now, @Nullable Head head) {
        private static final Found NOTHING = new Found("ABSENT", Instant.EPOCH, null);

        private boolean isGrant() {
            return answer.equals("TAKE") || answer.equals("CREATE") || answer.equals("AGAIN");
        }
    }

    private static List<Entry> entries(PostgresSession.Results results, @Nullable Head head) throws SQLException {
        if (head == null) {
            return results.rows(row -> {
                throw new AssertionError("entries without a head");
            });
        }
        return results.rows(new PostgresRows.Entries(head.runId(), head.incarnation())::entry);
    }

    static Granted granted(Head head, Instant now, int pageBytes, List<Entry> entries, List<Received> messages)
            throws SQLException {
        Page page = PostgresPages.page(head, now, new Cursor.Start(), pageBytes, entries, messages);
        return new Granted(
                head.standing().orElseThrow(), head.lease().orElseThrow().left(now), page);
    }

    private static Refused refused(Found found, List<Entry> ended) {
        Optional<Head> shown = Optional.ofNullable(found.head()).filter(head -> head.status() != RunStatus.GONE);
        Duration left =
                shown.flatMap(Head::lease).map(term -> term.left(found.now())).orElse(Duration.ZERO);
        return new Refused(Refused.Reason.valueOf(found.answer()), shown, left, ended);
    }

    /**
     * Reads the whole journal to see why no grant could be written: another revision, or a gap, which the fold finds.
     *
     * @return empty if the journal allows it: the holder was faster
     */
    private Optional<Acquired> refusedByJournal(PostgresConnections connections, Acquire request) {
        Cursor from = new Cursor.Start();
        Fold fold = null;
        while (true) {
            Read read = new Read(request.runId(), from, options.pageBytes());
            Page page = connections.read(session -> runs.read(session, read)).orElse(null);
            if (page == null) {
                return Optional.empty(); // deleted meanwhile: asked again, it says so
            }
            if (fold == null) {
                fold = new Fold(request.runId(), page.head().incarnation());
            }
            page.entries().forEach(fold::add);
            if (page.next().isEmpty()) {
                requireBegun(page.head(), fold);
                return expected(request, fold.revision())
                        ? Optional.empty()
                        : Optional.of(refused(
                                new Found(Refused.Reason.REVISION.name(), page.storeTime(), page.head()), List.of()));
            }
            from = page.next().get();
        }
    }

    private static void requireBegun(Head head, Fold fold) {
        if (head.hasBegun() && fold.length() == 0) {
            throw new dev.cairn.error.CorruptException("run " + head.runId() + ", incarnation " + head.incarnation()
                    + ": place 0 is free or missing; restore the database from a backup, or delete the run");
        }
    }

    private static boolean expected(Acquire request, Revision revision) {
        Condition condition = condition(request);
        return condition == null
                || condition.revision().isEmpty()
                || condition.revision().get().equals(revision);
    }

    private static @Nullable Condition condition(Acquire request) {
        if (request.target() instanceof Acquire.Take take) {
            return take.condition();
        }
        return request.target() instanceof Acquire.CreateOrTake either ? either.condition() : null;
    }

    private static @Nullable NewRun newRun(Acquire request) {
        if (request.target() instanceof Acquire.Create create) {
            return create.run();
        }
        return request.target() instanceof Acquire.CreateOrTake either ? either.run() : null;
    }

    private Query bind(Query query, Acquire request) {
        bindNew(query, request, newRun(request));
        bindTake(query, request, condition(request));
        return query.bind("bound", Long.toString(options.lockBound().toMillis()))
                .bind("namespace", options.namespace())
                .bind("run", request.runId())
                .bind("lease", request.leaseId().id().toString())
                .bind("commit", CommitId.ofGrant(request.leaseId()).id().toString())
                .bind("ttl", request.ttl().toMillis())
                .bind("place", 0L)
                .bind("order", -1L)
                .bind("message", "")
                .bind("page", (long) options.pageBytes());
    }

    private void bindNew(Query query, Acquire request, @Nullable NewRun run) {
        Bytes grant = run == null ? Bytes.empty() : run.grant();
        query.bind("creates", run != null)
                .bind("inc", run == null ? null : run.incarnation().toString())
                .bind(
                        "journal",
                        run == null
                                ? null
                                : journals.key(request.runId(), run.incarnation())
                                        .toString())
                .bind("source", run == null ? 0L : run.sourceToken())
                .bind("newWorkflow", run == null ? "" : run.workflow())
                .bind("newVersion", run == null ? 1 : run.version())
                .bind("arrival", run == null ? "" : run.arrival().name())
                .bind(
                        "labels",
                        run == null
                                ? "{}"
                                : PostgresRows.JSON.writeValueAsString(
                                        run.labels().all()))
                .bind("newChecksum", checksum(request, EntryKind.GRANT, grant))
                .bind("newBody", grant.toArray());
    }

    private static void bindTake(Query query, Acquire request, @Nullable Condition condition) {
        EntryKind kind = condition == null ? EntryKind.GRANT : condition.grantKind();
        WorkflowVersions workflow =
                condition == null ? null : condition.workflow().orElse(null);
        Revision revision = condition == null ? null : condition.revision().orElse(null);
        query.bind("takes", condition != null)
                .bind(
                        "statuses",
                        condition == null ? "{}" : PostgresRows.array(PostgresRows.names(condition.statuses())))
                .bind("overLive", condition != null && condition.over() == Condition.Over.LIVE)
                .bind("kind", kind.code())
                .bind("workflow", workflow == null ? null : workflow.workflow())
                .bind("accepted", workflow == null ? null : PostgresRows.array(workflow.accepted()))
                .bind("version", workflow == null ? null : (Integer) workflow.version())
                .bind(
                        "revision",
                        revision == null ? null : revision.incarnation().toString())
                .bind("count", revision == null ? null : (Long) revision.count())
                .bind("checksum", checksum(request, kind, request.grant()))
                .bind("body", request.grant().toArray());
    }

    /** The part of the grant's checksum that can be known before the server chooses its place and token. */
    private static int checksum(Acquire request, EntryKind kind, Bytes grant) {
        return Entry.checksumWithoutPlace(request.leaseId(), kind, CommitId.ofGrant(request.leaseId()), grant);
    }
}
