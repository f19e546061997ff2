// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Head;
import dev.cairn.spi.Millis;
import dev.cairn.spi.PageToken;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** List: only the filters that are asked for are in the statement, so that each has a plan of its own. */
final class PostgresListing {
    private final PostgresSql sql;
    private final StoreOptions options;

    PostgresListing(PostgresSql sql, StoreOptions options) {
        this.sql = sql;
        this.options = options;
    }

    private record Listed(Instant now, Optional<Head> head) {}

    RunPage list(PostgresSession session, RunQuery asked, Optional<PageToken> after) {
        List<Listed> rows = session.request(
                sql.of(text(asked, after)),
                query -> bind(query, asked, after),
                results -> results.rows(row -> new Listed(
                        PostgresRows.time(row, "now"),
                        row.getString("run_id") == null ? Optional.empty() : Optional.of(PostgresRows.head(row)))));
        List<Head> heads =
                rows.stream().map(Listed::head).flatMap(Optional::stream).toList();
        return asked.cut(heads, options.namespace(), rows.get(0).now());
    }

    // Joined to a row of its own, so that the time comes with an empty page too.
    private static String text(RunQuery asked, Optional<PageToken> after) {
        StringBuilder where = new StringBuilder("namespace = :namespace and ")
                .append(
                        asked.among() == RunQuery.Among.RUNS
                                ? "status <> 'GONE'"
                                : "(status = 'GONE' or beside <> '{}')");
        if (after.isPresent()) {
            where.append(" and created <= :after and (created < :after or run_id > :afterRun)");
        }
        if (!asked.statuses().isEmpty()) {
            where.append(" and case when lease_id is not null and status in ('READY', 'SUSPENDED', 'BLOCKED')"
                    + " then 'RUNNING' else status end = any (:statuses::text[])");
        }
        if (asked.workflow().isPresent()) {
            where.append(" and workflow = :workflow");
        }
        if (!asked.labels().isEmpty()) {
            where.append(" and labels @> :labels::jsonb");
        }
        if (!asked.prefix().isEmpty()) {
            where.append(" and starts_with(run_id, :prefix)");
        }
        if (!asked.unchangedFor().isZero()) {
            where.append(" and changed <= @now - :age");
        }
        where.append(" and created >= :createdFrom and created < :createdTo"
                + " and changed >= :changedFrom and changed < :changedTo");
        return "select t.now, " + PostgresRows.HEAD
                + " from (select @now as now) as t left join (select * from @head where " + where
                + " order by created desc, run_id limit :limit) as h on true order by h.created desc, h.run_id";
    }

    private Query bind(Query query, RunQuery asked, Optional<PageToken> after) {
        return query.bind("namespace", options.namespace())
                .bind(
                        "after",
                        after.map(token -> token.created().toEpochMilli()).orElse(0L))
                .bind("afterRun", after.map(PageToken::runId).orElse(""))
                .bind(
                        "statuses",
                        PostgresRows.array(
                                asked.statuses().stream().map(RunStatus::name).toList()))
                .bind("workflow", asked.workflow().orElse(""))
                .bind("labels", PostgresRows.JSON.writeValueAsString(asked.labels()))
                .bind("prefix", asked.prefix())
                .bind("age", Millis.ceil(Instant.EPOCH.plus(asked.unchangedFor())))
                .bind("createdFrom", Millis.ceil(asked.createdFrom()))
                .bind("createdTo", Millis.ceil(asked.createdTo()))
                .bind("changedFrom", Millis.ceil(asked.changedFrom()))
                .bind("changedTo", Millis.ceil(asked.changedTo()))
                .bind("limit", asked.limit() + 1);
    }
}
