// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Message;
import dev.cairn.spi.Millis;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What is done to a run that exists: settle, renew, signal, read. */
final class PostgresRuns {
    private final StoreOptions options;
    private final JournalKeys journals;
    private final String settle;
    private final String renew;
    private final String renewFree;
    private final String signal;
    private final String read;

    PostgresRuns(PostgresSql sql, StoreOptions options, JournalKeys journals) {
        this.options = options;
        this.journals = journals;
        this.settle = sql.transaction(SETTLE);
        this.renew = sql.transaction(LOCK_HEADS.formatted("") + RENEW);
        this.renewFree = sql.transaction(LOCK_HEADS.formatted(" skip locked") + RENEW);
        this.signal = sql.transaction(SIGNAL);
        this.read = sql.snapshot(READ);
    }

    private Query common(Query query, String runId) {
        return query.bind("bound", Long.toString(options.lockBound().toMillis()))
                .bind("namespace", options.namespace())
                .bind("run", runId);
    }

    // The first statement locks the head and judges the lease; the entry goes in behind its predecessor; the head
    // changes only where the entry stands as sent, now or since an earlier try.
    private static final String SETTLE = """
            select set_config('cairn.held', coalesce((
                select case when :same and signals <> :seen then 'SIGNALLED' else 'HELD' end from @head
                where namespace = :namespace and run_id = :run and incarnation = :inc::uuid and token = :token
                    and lease_id = :lease::uuid
                for update
            ), 'LOST'), true) as _;
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select :journal::uuid, :place::bigint, :kind::smallint, :token, :lease::uuid, :commit::uuid,
                :checksum::int, :body
            where :writes and current_setting('cairn.held') = 'HELD' and exists (
                select 1 from @entry where journal = :journal::uuid and place = :place::bigint - 1
                    and token = :token and lease_id = :lease::uuid and kind <= 2)
            on conflict do nothing;
            update @head set
                status = coalesce(:status::text, status),
                version = coalesce(:version::int, version),
                source_token = case when :status::text is null then source_token else 0 end,
                due = case when :status::text is null then due
                    when :dueNow or (:wake and signals > :seen) then @now else :due::bigint end,
                awaits = case when :status::text is null then awaits
                    else array(select jsonb_array_elements_text(:awaits::jsonb)) end,
                reason = case when :status::text is null then reason else :reason::text end,
                changed = case when :status::text is null then changed else @now end,
                labels = coalesce(:labels::jsonb, case when :status::text = 'GONE' then '{}' else labels end),
                progress = coalesce(:progress::text, case when :status::text = 'GONE' then '' else progress end),
                lease_id = case when :hold = 'FREE' then null else lease_id end,
                ttl = case when :hold = 'FREE' then null else ttl end,
                deadline = case :hold when 'FREE' then null when 'EXPIRE' then @now else deadline end,
                incarnation = coalesce(:switch::uuid, incarnation),
                signals = case when :switch::uuid is null then signals else 0 end,
                beside = (
                    beside || case when :name::uuid is null then '{}' else jsonb_build_object(:name::uuid, @now) end
                ) - coalesce(:switch::text, '')
                    || case when :switch::uuid is null then '{}' else jsonb_build_object(incarnation, @now) end
            where namespace = :namespace and run_id = :run and current_setting('cairn.held') = 'HELD'
                and (not :writes or exists (
                    select 1 from @entry where journal = :journal::uuid and place = :place::bigint and commit_id = :commit::uuid and checksum = :checksum::int));
            select current_setting('cairn.held') as held, %s from @head as h where namespace = :namespace and run_id = :run
            for key share;
            select %s from @entry as e where :writes and e.journal = :journal::uuid and e.place = :place::bigint
            for key share;
            """.formatted(PostgresRows.HEAD, PostgresRows.ENTRY);

    /** What a settle found: whether the lease was held, the head as it stands afterwards, and who stands at the place. */
    private record Found(String held, Head head) {}

    Settled settle(PostgresSession session, Settle request) {
        Entry entry = request.entry().orElse(null);
        return session.request(settle, query -> bind(query, request, entry), results -> {
            Optional<Found> found = results.row(row -> new Found(row.getString("held"), PostgresRows.head(row)));
            Optional<Entry> standing = results.row(new PostgresRows.Entries(
                    request.lease().runId(), request.lease().incarnation())::entry);
            return settled(request, found, standing.filter(there -> there.kind() != EntryKind.STRIPPED));
        });
    }

    private static Settled settled(Settle request, Optional<Found> found, Optional<Entry> standing) {
        Optional<Head> head = found.map(Found::head);
        if (standing.isPresent() && !standing.equals(request.entry())) {
            return new Settled.Taken(standing.get());
        }
        boolean entryStands = request.entry().isEmpty() || standing.isPresent();
        String held = found.map(Found::held).orElse("LOST");
        boolean doneBefore = request.entry().isPresent() && standing.isPresent();
        if (head.isPresent() && (doneBefore || (held.equals("HELD") && entryStands))) {
            return new Settled.Done(head.get());
        }
        return held.equals("SIGNALLED") && head.isPresent()
                ? new Settled.Signalled(head.get())
                : new Settled.Lost(head);
    }

    private Query bind(Query query, Settle request, @Nullable Entry entry) {
        HeadChange change = request.change();
        bindEntry(common(query, request.lease().runId()), entry)
                .bind("inc", request.lease().incarnation().toString())
                .bind("journal", journals.key(request.lease()).toString())
                .bind("token", request.lease().token())
                .bind("lease", request.lease().id().id().toString())
                .bind("same", change.signals() == HeadChange.Signals.SAME)
                .bind("wake", change.signals() == HeadChange.Signals.WAKE_IF_MORE)
                .bind("seen", change.signalsSeen())
                .bind("status", change.status().map(RunStatus::name).orElse(null))
                .bind("version", change.version().orElse(null))
                .bind("hold", change.hold().name())
                .bind("name", change.name().map(Object::toString).orElse(null))
                .bind("switch", change.switchTo().map(Object::toString).orElse(null))
                .bind(
                        "labels",
                        change.labels()
                                .map(labels -> PostgresRows.JSON.writeValueAsString(labels.all()))
                                .orElse(null))
                .bind("progress", change.progress().orElse(null))
                .bind("reason", change.reason())
                .bind("awaits", PostgresRows.json(change.awaits()));
        boolean now = change.due().isNow();
        return query.bind("dueNow", now)
                .bind(
                        "due",
                        now
                                ? null
                                : change.due()
                                        .resolve(Instant.EPOCH)
                                        .map(Millis::ceil)
                                        .orElse(null));
    }

    private static Query bindEntry(Query query, @Nullable Entry entry) {
        return query.bind("writes", entry != null)
                .bind("place", entry == null ? null : (Long) entry.place())
                .bind("kind", entry == null ? null : (Integer) entry.kind().code())
                .bind("commit", entry == null ? null : entry.commitId().id().toString())
                .bind("checksum", entry == null ? null : (Integer) entry.checksum())
                .bind("body", entry == null ? new byte[0] : entry.body().toArray());
    }

    private static final String LOCK_HEADS = """
            select set_config('cairn.locked', coalesce((select jsonb_agg(l.run_id)::text from (
                select run_id from @head where namespace = :namespace and run_id in (
                    select w.run_id from jsonb_to_recordset(:leases::jsonb) as w (run_id text))
                order by run_id for update%s
            ) as l), '[]'), true) as _;
            """;

    private static final String RENEW = """
            update @head as h set ttl = w.ttl, deadline = @now + w.ttl, progress = w.progress
            from jsonb_to_recordset(:leases::jsonb)
                as w (run_id text, incarnation uuid, lease_id uuid, token bigint, ttl bigint, progress text)
            where h.namespace = :namespace and h.run_id = w.run_id and h.incarnation = w.incarnation
                and h.lease_id = w.lease_id and h.token = w.token
                and h.run_id in (select jsonb_array_elements_text(current_setting('cairn.locked')::jsonb))
            returning w.lease_id, w.incarnation, h.run_id;
            """;

    /** One lease to renew, as the server reads it. */
    private record Held(String run_id, String incarnation, String lease_id, long token, long ttl, String progress) {
        static Held of(Renewal renewal) {
            return new Held(
                    renewal.lease().runId(),
                    renewal.lease().incarnation().toString(),
                    renewal.lease().id().id().toString(),
                    renewal.lease().token(),
                    renewal.ttl().toMillis(),
                    renewal.progress());
        }

        private String key() {
            return lease_id + incarnation + run_id;
        }
    }

    /** Renews all at once; where one head is locked for too long, the others without it, and those left each by itself. */
    List<Renewed> renew(PostgresConnections connections, List<Renewal> renewals) {
        List<Held> leases = renewals.stream().map(Held::of).toList();
        Map<String, Renewed> failed = new HashMap<>();
        Set<String> held;
        try {
            held = connections.write(session -> renew(session, renew, leases));
        } catch (StoreUnavailableException e) {
            if (leases.size() < 2 || !PostgresErrors.isLockTimeout(e)) {
                throw e;
            }
            held = connections.write(session -> renew(session, renewFree, leases));
            for (Held lease : leases) {
                if (!held.contains(lease.key())) {
                    try {
                        held.addAll(connections.write(session -> renew(session, renew, List.of(lease))));
                    } catch (StoreUnavailableException | OutcomeUnknownException one) {
                        failed.put(lease.key(), new Renewed.Failed(one));
                    }
                }
            }
        }
        List<Renewed> answers = new ArrayList<>();
        for (int i = 0; i < leases.size(); i++) {
            String key = leases.get(i).key();
            answers.add(
                    held.contains(key)
                            ? new Renewed.Held(renewals.get(i).ttl())
                            : failed.getOrDefault(key, new Renewed.Lost()));
        }
        return answers;
    }

    private Set<String> renew(PostgresSession session, String sql, List<Held> leases) {
        return session.request(
                sql,
                query -> common(query, "").bind("leases", PostgresRows.json(leases)),
                results -> new HashSet<>(results.rows(row -> row.getString(1) + row.getString(2) + row.getString(3))));
    }

    private static final String SIGNAL = """
            select set_config('cairn.inc', coalesce((
                select incarnation::text from @head
                where namespace = :namespace and run_id = :run and status in ('READY', 'SUSPENDED', 'BLOCKED') for update
            ), ''), true) as _;
            with stored as (
                insert into @message (namespace, run_id, incarnation, id, position, name, checksum, payload)
                select h.namespace, h.run_id, h.incarnation, :id, h.signals, :name, :checksum, :payload from @head as h
                where h.namespace = :namespace and h.run_id = :run and h.incarnation::text = current_setting('cairn.inc')
                on conflict do nothing
                returning 1
            )
            update @head as h set
                signals = signals + (select count(*) from stored),
                due = case when status = 'SUSPENDED' and :name = any (awaits) then @now else due end
            where namespace = :namespace and run_id = :run and h.incarnation::text = current_setting('cairn.inc');
            select current_setting('cairn.inc') <> '' as stored, status from @head
            where namespace = :namespace and run_id = :run;
            """;

    Signalled signal(PostgresSession session, String runId, Message message) {
        return session.request(
                signal,
                query -> common(query, runId)
                        .bind("id", message.id())
                        .bind("name", message.name())
                        .bind("checksum", PostgresRows.checksum(message))
                        .bind("payload", message.payload().toArray()),
                results -> results.row(
                                row -> row.getBoolean("stored") ? Signalled.STORED : notStored(row.getString("status")))
                        .orElse(Signalled.ABSENT));
    }

    private static Signalled notStored(String status) {
        return switch (RunStatus.valueOf(status)) {
            case GONE -> Signalled.ABSENT;
            case ARRIVING -> Signalled.ARRIVING;
            default -> Signalled.ENDED;
        };
    }

    private static final String SHOWN = """
            (select %s from @head as h where h.namespace = :namespace and h.run_id = :run and h.status <> 'GONE'
                and h.incarnation = coalesce(:inc::uuid, h.incarnation))""";

    private static final String READ = "select @now as now, " + PostgresRows.HEAD
            + " from @head as h where namespace = :namespace and run_id = :run and incarnation = "
            + SHOWN.formatted("h.incarnation") + ";\n"
            + PostgresPages.entries(PostgresRows.ENTRY, "e.journal = " + SHOWN.formatted("@journal(h)"))
            + PostgresPages.messages(
                    PostgresRows.MESSAGE,
                    "m.namespace = :namespace and m.run_id = :run and m.incarnation = "
                            + SHOWN.formatted("h.incarnation"));

    /** A head, and the time at which it was read. */
    record Shown(Head head, Instant now) {}

    Optional<Page> read(PostgresSession session, Read request) {
        Cursor.@Nullable After from = request.from() instanceof Cursor.After after ? after : null;
        return session.request(
                read,
                query -> common(query, request.runId())
                        .bind("inc", from == null ? null : from.incarnation().toString())
                        .bind("place", from == null ? 0 : from.place())
                        .bind("order", from == null ? -1 : from.order())
                        .bind("message", from == null ? "" : from.messageId())
                        .bind("page", (long) request.maxBytes()),
                results -> {
                    Optional<Shown> shown =
                            results.row(row -> new Shown(PostgresRows.head(row), PostgresRows.time(row, "now")));
                    if (shown.isEmpty()) {
                        return Optional.empty();
                    }
                    Head head = shown.get().head();
                    List<Entry> entries =
                            results.rows(new PostgresRows.Entries(head.runId(), head.incarnation())::entry);
                    List<Received> messages = results.rows(row -> PostgresRows.message(row, head.runId()));
                    return Optional.of(PostgresPages.page(
                            head, shown.get().now(), request.from(), request.maxBytes(), entries, messages));
                });
    }
}
