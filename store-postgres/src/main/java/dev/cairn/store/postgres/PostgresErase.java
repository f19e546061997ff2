// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.StoreOptions;
import java.time.Instant;
import org.jdbi.v3.core.statement.Query;

/**
 * Erase: what goes, and what stays as a fence. An append that began before the run was deleted may still see the entry before
 * its own; the place that it wants holds the deleter's grant, or lies behind the end. So grants and ends stay, stripped.
 */
final class PostgresErase {
    private final StoreOptions options;
    private final JournalKeys journals;
    private final String ended;
    private final String leftover;
    private final String fences;

    PostgresErase(PostgresSql sql, StoreOptions options, JournalKeys journals) {
        this.options = options;
        this.journals = journals;
        this.ended = sql.transaction(LOCK + GO + ENDED + STRIP);
        this.leftover = sql.transaction(LOCK + LEFTOVER + STRIP);
        this.fences = sql.transaction(FENCES);
    }

    private static final String LOCK = """
            select 1 as _ from @head where namespace = :namespace and run_id = :run for update;
            """;

    private static final String GO = """
            update @head set status = 'GONE', lease_id = null, deadline = null, ttl = null, due = null, awaits = '{}',
                reason = '', labels = '{}', progress = '', source_token = 0, changed = @now
            where namespace = :namespace and run_id = :run and status in ('COMPLETED', 'FAILED', 'CANCELLED')
                and incarnation = :inc::uuid and token = :token and changed = :changed
                and (lease_id is null or @now >= deadline or deadline > @now + ttl);
            """;

    private static final String ENDED = """
            select set_config('cairn.dead', case when exists (
                    select 1 from @head where namespace = :namespace and run_id = :run and status <> 'GONE')
                then '' else :inc end, true) as _;
            """;

    private static final String LEFTOVER = """
            select set_config('cairn.dead', case when exists (
                    select 1 from @head where namespace = :namespace and run_id = :run and status <> 'GONE'
                        and incarnation = :inc::uuid)
                then '' else :inc end, true) as _;
            """;

    /** What is left of an entry that is a fence and nothing else. */
    static final String STRIPPED = """
            kind = 5, token = 0, lease_id = '00000000-0000-0000-0000-000000000000',
                commit_id = '00000000-0000-0000-0000-000000000000', checksum = 0, body = ''""";

    private static final String STRIP = """
            delete from @entry where journal = :journal::uuid and current_setting('cairn.dead') <> '' and kind in (2, 3);
            update @entry set %s
            where journal = :journal::uuid and current_setting('cairn.dead') <> '' and kind in (0, 1, 4);
            delete from @message where namespace = :namespace and run_id = :run and incarnation = :inc::uuid
                and current_setting('cairn.dead') <> '';
            select current_setting('cairn.dead') <> '' as erased;
            """.formatted(STRIPPED);

    private static final String FENCES = """
            select set_config('cairn.swept', coalesce((
                select incarnation::text from @head where namespace = :namespace and run_id = :run and lease_id is null
                    and incarnation = :inc::uuid and token = :token and changed = :changed for update), ''), true) as _;
            select set_config('cairn.old', array(
                select b.key from @head as h, jsonb_each_text(h.beside) as b
                where h.namespace = :namespace and h.run_id = :run and h.incarnation::text = current_setting('cairn.swept')
                    and b.value::bigint < @now - :fence)::text, true) as _;
            delete from @entry where journal = any (array(
                select @journal(h) from (
                    select :namespace::text as namespace, :run::text as run_id, unnest(current_setting('cairn.old')::uuid[]) as incarnation
                ) as h));
            delete from @message where namespace = :namespace and run_id = :run
                and incarnation = any (current_setting('cairn.old')::uuid[]);
            update @head set beside = beside - current_setting('cairn.old')::text[]
            where namespace = :namespace and run_id = :run and incarnation::text = current_setting('cairn.swept')
                and cardinality(current_setting('cairn.old')::text[]) > 0;
            with whole as (
                delete from @head where namespace = :namespace and run_id = :run
                    and incarnation::text = current_setting('cairn.swept') and status = 'GONE' and beside = '{}'
                    and changed < @now - :fence
                returning namespace, run_id, incarnation
            ), unread as (
                delete from @message as m using whole
                where m.namespace = :namespace and m.run_id = :run and m.incarnation = whole.incarnation
            )
            delete from @entry as e using whole as h where e.journal = @journal(h);
            select current_setting('cairn.old') <> '{}' or not exists (
                select 1 from @head where namespace = :namespace and run_id = :run) as erased;
            """;

    Erased erase(PostgresSession session, Erase erase) {
        if (erase instanceof Erase.Leftover it) {
            return send(session, leftover, erase, it.incarnation(), 0, Instant.EPOCH);
        }
        if (erase instanceof Erase.Ended it) {
            return send(session, ended, erase, it.incarnation(), it.token(), it.changed());
        }
        if (erase instanceof Erase.Fences it) {
            return send(session, fences, erase, it.incarnation(), it.token(), it.changed());
        }
        throw new AssertionError(erase);
    }

    private Erased send(
            PostgresSession session, String sql, Erase erase, Incarnation incarnation, long token, Instant changed) {
        boolean erased = session.request(
                sql,
                (Query query) -> query.bind(
                                "bound", Long.toString(options.lockBound().toMillis()))
                        .bind("namespace", options.namespace())
                        .bind("run", erase.runId())
                        .bind("inc", incarnation.toString())
                        .bind(
                                "journal",
                                journals.key(erase.runId(), incarnation).toString())
                        .bind("token", token)
                        .bind("changed", changed.toEpochMilli())
                        .bind("fence", options.fenceTime().toMillis()),
                results -> results.row(row -> row.getBoolean("erased")).orElseThrow());
        return erased ? Erased.ERASED : Erased.KEPT;
    }
}
