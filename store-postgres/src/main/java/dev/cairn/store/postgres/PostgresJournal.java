// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.StoreOptions;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Entries: how they are appended, and who stands where one could not be. */
final class PostgresJournal {
    private static final Comparator<Entry> BY_RUN =
            Comparator.comparing(entry -> entry.lease().runId(), dev.cairn.state.Names.BY_UTF_8);

    /** How long each entry waits of a batch in which one was stuck: the others must not wait for all that are. */
    private static final long SHORT_MILLIS = 10;

    private final String namespace;
    private final String lockBound;
    private final String shortBound;
    private final String one;
    private final String many;
    private final String first;
    private final String standing;

    PostgresJournal(PostgresSql sql, StoreOptions options) {
        this.namespace = options.namespace();
        this.lockBound = Long.toString(options.lockBound().toMillis());
        this.shortBound =
                Long.toString(Math.max(SHORT_MILLIS, options.lockBound().toMillis() / 20));
        this.one = sql.of(ONE);
        this.many = sql.of(MANY);
        this.first = sql.of(FIRST);
        this.standing = sql.transaction(STANDING);
    }

    // The look at the place before, under the same lease, is what fences: no lock, no read of the head. It waits
    // only for whoever is writing at this very place; the bound is set in the statement, as long as its
    // transaction.
    private static final String ONE = """
            insert into @entry (namespace, run_id, incarnation, place, kind, token, lease_id, commit_id, checksum, body)
            select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            where exists (
                select 1 from @entry where namespace = ? and run_id = ? and incarnation = ? and place = ?
                    and token = ? and lease_id = ? and kind in (0, 1, 2)
            ) and set_config('lock_timeout', ?, true) is not null
            on conflict do nothing
            """;

    // The first entry of an incarnation has none before it: the head must name it (protocol R5). The bound is set
    // inside, since the planner looks at the head before it looks at anything beside.
    private static final String FIRST = """
            insert into @entry (namespace, run_id, incarnation, place, kind, token, lease_id, commit_id, checksum, body)
            select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            where exists (
                select 1 from @head where (select set_config('lock_timeout', ?, true)) is not null
                    and namespace = ? and run_id = ? and token = ? and lease_id = ?
                    and (incarnation = ? or jsonb_exists(beside, ?))
                for share
            )
            on conflict do nothing
            """;

    // Scalars for one entry, arrays from two on: over an array of one the same costs twice as much.
    private static final String MANY = """
            insert into @entry (namespace, run_id, incarnation, place, kind, token, lease_id, commit_id, checksum, body)
            select ?, e.*
            from unnest(?::text[], ?::uuid[], ?::bigint[], ?::smallint[], ?::bigint[], ?::uuid[], ?::uuid[], ?::int[], ?::bytea[])
                as e (run_id, incarnation, place, kind, token, lease_id, commit_id, checksum, body)
            where (select set_config('lock_timeout', ?, true)) is not null and exists (
                select 1 from @entry as before where before.namespace = ? and before.run_id = e.run_id
                    and before.incarnation = e.incarnation and before.place = e.place - 1
                    and before.token = e.token and before.lease_id = e.lease_id and before.kind in (0, 1, 2)
            )
            order by e.run_id collate "C"
            on conflict do nothing
            returning run_id
            """;

    // Locking writes: this commit waits for the standby that the first one may have missed (CRASH-10).
    private static final String STANDING = """
            select %s, e.run_id, e.incarnation
            from jsonb_to_recordset(:wanted::jsonb) as w (run_id text, incarnation uuid, place bigint)
            join @entry as e on e.namespace = :namespace and e.run_id = w.run_id and e.incarnation = w.incarnation
                and e.place = w.place
            order by e.run_id
            for key share of e;
            """.formatted(PostgresRows.ENTRY);

    /** Writes entries of different runs, each if its place is free and the one before it was written under the same lease. */
    Map<Entry, Appended> append(PostgresConnections connections, List<Entry> entries) {
        Map<Entry, Appended> answers = new HashMap<>();
        List<Entry> refused = new ArrayList<>();
        List<Entry> alone = new ArrayList<>();
        List<Entry> together = new ArrayList<>();
        for (Entry entry : entries) {
            (entry.place() == 0 ? alone : together).add(entry);
        }
        String bound = lockBound;
        if (together.size() > 1) {
            try {
                Set<String> written = connections.writePlain(session -> appendMany(session, together));
                for (Entry entry : together) {
                    if (written.contains(entry.lease().runId())) {
                        answers.put(entry, new Appended.Written());
                    } else {
                        refused.add(entry);
                    }
                }
            } catch (StoreUnavailableException e) {
                if (!isAboutOne(e)) {
                    throw e;
                }
                alone.addAll(together); // nothing of it is kept, because of one: the others must not wait for that
                bound = shortBound;
            }
        } else {
            alone.addAll(together);
        }
        alone.sort(BY_RUN);
        for (Entry entry : alone) {
            appendAlone(connections, entry, bound, answers, refused);
        }
        if (!refused.isEmpty()) {
            answers.putAll(standing(connections, refused));
        }
        return answers;
    }

    private static boolean isAboutOne(StoreUnavailableException e) {
        return PostgresErrors.isLockTimeout(e) || PostgresErrors.isToBeRepeated(e);
    }

    private void appendAlone(
            PostgresConnections connections,
            Entry entry,
            String bound,
            Map<Entry, Appended> answers,
            List<Entry> refused) {
        try {
            if (connections.writePlain(session -> appendOne(session, entry, bound)) == 1) {
                answers.put(entry, new Appended.Written());
            } else {
                refused.add(entry);
            }
        } catch (OutcomeUnknownException | StoreUnavailableException e) {
            answers.put(entry, new Appended.Failed(e));
        }
    }

    /** The hot path: one statement that commits by itself. How many rows it wrote. */
    int appendOne(PostgresSession session, Entry entry, String bound) throws SQLException {
        boolean isFirst = entry.place() == 0;
        try (PreparedStatement statement = session.statement(isFirst ? first : one)) {
            int next = values(statement, entry);
            if (isFirst) {
                bindHead(statement, next, entry.lease(), bound);
            } else {
                bindBefore(statement, next, entry, bound);
            }
            int rows = statement.executeUpdate();
            session.requireConfirmed(statement);
            return rows;
        }
    }

    private int values(PreparedStatement statement, Entry entry) throws SQLException {
        Lease lease = entry.lease();
        statement.setString(1, namespace);
        statement.setString(2, lease.runId());
        statement.setObject(3, lease.incarnation().id());
        statement.setLong(4, entry.place());
        statement.setShort(5, (short) entry.kind().code());
        statement.setLong(6, lease.token());
        statement.setObject(7, lease.id().id());
        statement.setObject(8, entry.commitId().id());
        statement.setInt(9, entry.checksum());
        statement.setBytes(10, entry.body().toArray());
        return 11;
    }

    private void bindBefore(PreparedStatement statement, int from, Entry entry, String bound) throws SQLException {
        Lease lease = entry.lease();
        statement.setString(from, namespace);
        statement.setString(from + 1, lease.runId());
        statement.setObject(from + 2, lease.incarnation().id());
        statement.setLong(from + 3, entry.place() - 1);
        statement.setLong(from + 4, lease.token());
        statement.setObject(from + 5, lease.id().id());
        statement.setString(from + 6, bound);
    }

    private void bindHead(PreparedStatement statement, int from, Lease lease, String bound) throws SQLException {
        statement.setString(from, bound);
        statement.setString(from + 1, namespace);
        statement.setString(from + 2, lease.runId());
        statement.setLong(from + 3, lease.token());
        statement.setObject(from + 4, lease.id().id());
        statement.setObject(from + 5, lease.incarnation().id());
        statement.setString(from + 6, lease.incarnation().toString());
    }

    private Set<String> appendMany(PostgresSession session, List<Entry> entries) throws SQLException {
        Set<String> written = new HashSet<>();
        try (PreparedStatement statement = session.statement(many)) {
            statement.setString(1, namespace);
            statement.setArray(
                    2, array(session, "text", entries, entry -> entry.lease().runId()));
            statement.setArray(
                    3,
                    array(
                            session,
                            "uuid",
                            entries,
                            entry -> entry.lease().incarnation().id()));
            statement.setArray(4, array(session, "int8", entries, Entry::place));
            statement.setArray(5, array(session, "int2", entries, entry ->
                    (short) entry.kind().code()));
            statement.setArray(
                    6, array(session, "int8", entries, entry -> entry.lease().token()));
            statement.setArray(
                    7,
                    array(session, "uuid", entries, entry -> entry.lease().id().id()));
            statement.setArray(
                    8, array(session, "uuid", entries, entry -> entry.commitId().id()));
            statement.setArray(9, array(session, "int4", entries, Entry::checksum));
            statement.setArray(
                    10,
                    session.connection()
                            .createArrayOf(
                                    "bytea",
                                    entries.stream()
                                            .map(entry -> entry.body().toArray())
                                            .toArray(byte[][]::new)));
            statement.setString(11, lockBound);
            statement.setString(12, namespace);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    written.add(rows.getString(1));
                }
            }
            session.requireConfirmed(statement);
        }
        return written;
    }

    private static Array array(PostgresSession session, String type, List<Entry> entries, Function<Entry, Object> value)
            throws SQLException {
        return session.connection()
                .createArrayOf(type, entries.stream().map(value).toArray());
    }

    /** One row of what is asked for at a place. */
    private record Wanted(String run_id, String incarnation, long place) {}

    private Map<Entry, Appended> standing(PostgresConnections connections, List<Entry> entries) {
        try {
            return connections.write(session -> standing(session, entries));
        } catch (OutcomeUnknownException | StoreUnavailableException e) {
            Map<Entry, Appended> answers = new HashMap<>();
            entries.forEach(entry -> answers.put(entry, new Appended.Failed(e)));
            return answers;
        }
    }

    /** Who stands where these entries could not be written. */
    private Map<Entry, Appended> standing(PostgresSession session, List<Entry> entries) {
        List<Wanted> wanted = entries.stream()
                .map(entry -> new Wanted(
                        entry.lease().runId(), entry.lease().incarnation().toString(), entry.place()))
                .toList();
        List<Entry> found = session.request(
                standing,
                query -> query.bind("bound", lockBound)
                        .bind("namespace", namespace)
                        .bind("wanted", PostgresRows.json(wanted)),
                results -> results.rows(row -> new PostgresRows.Entries(
                                row.getString("run_id"), new Incarnation(PostgresRows.uuid(row, "incarnation")))
                        .entry(row)));
        Map<Entry, Appended> answers = new HashMap<>();
        for (Entry entry : entries) {
            answers.put(
                    entry,
                    found.stream()
                            .filter(there -> there.kind() != EntryKind.STRIPPED && isAtPlaceOf(entry, there))
                            .findFirst()
                            .<Appended>map(Appended.Taken::new)
                            .orElseGet(Appended.Fenced::new));
        }
        return answers;
    }

    private static boolean isAtPlaceOf(Entry entry, Entry there) {
        return entry.place() == there.place()
                && entry.lease().runId().equals(there.lease().runId())
                && entry.lease().incarnation().equals(there.lease().incarnation());
    }
}
