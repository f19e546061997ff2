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
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Entries: how they are appended, and who stands where one could not be. */
final class PostgresJournal {
    private static final Comparator<Entry> BY_RUN =
            Comparator.comparing(entry -> entry.lease().runId(), dev.cairn.state.Names.BY_UTF_8);

    /** How long each entry waits of a batch in which one was stuck: the others must not wait for all that are. */
    private static final long SHORT_MILLIS = 10;

    private final JournalKeys journals;
    private final String namespace;
    private final String lockBound;
    private final String shortBound;
    private final String one;
    private final String oneBounded;
    private final String many;
    private final String first;
    private final String standing;

    PostgresJournal(PostgresSql sql, StoreOptions options, JournalKeys journals) {
        this.journals = journals;
        this.namespace = options.namespace();
        this.lockBound = Long.toString(options.lockBound().toMillis());
        this.shortBound =
                Long.toString(Math.max(SHORT_MILLIS, options.lockBound().toMillis() / 20));
        this.one = sql.of(ONE);
        this.oneBounded = sql.of(ONE + BOUNDED);
        this.many = sql.of(MANY);
        this.first = sql.of(FIRST);
        this.standing = sql.transaction(STANDING);
    }

    // The entry before, under the same lease, is what fences: no lock, no read of the head. It waits only for whoever
    // is writing at this very place. A place that is taken is an error here, since "on conflict" would cost each of
    // the others a second look at the index and a second record in the log.
    private static final String ONE = """
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select b.journal, b.place + 1, ?, b.token, b.lease_id, ?, ?, ?
            from @entry as b
            where b.journal = ? and b.place = ? and b.token = ? and b.lease_id = ? and b.kind <= 2
            """;

    // On a connection that has no bound yet: for this transaction, or where it is ours alone, from now on.
    private static final String BOUNDED = " and set_config('lock_timeout', ?, ?) is not null";

    private static final String TAKEN = "23505";

    // The first entry of an incarnation has none before it: the head must name it (protocol R5). The bound is set
    // inside, since the planner looks at the head before it looks at anything beside.
    private static final String FIRST = """
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select ?, 0, ?, ?, ?, ?, ?, ?
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
            insert into @entry (journal, place, kind, token, lease_id, commit_id, checksum, body)
            select e.journal, e.place, e.kind, e.token, e.lease_id, e.commit_id, e.checksum, e.body
            from unnest(?::text[], ?::uuid[], ?::bigint[], ?::smallint[], ?::bigint[], ?::uuid[], ?::uuid[], ?::int[], ?::bytea[])
                as e (run_id, journal, place, kind, token, lease_id, commit_id, checksum, body)
            where (select set_config('lock_timeout', ?, true)) is not null and exists (
                select 1 from @entry as before where before.journal = e.journal and before.place = e.place - 1
                    and before.token = e.token and before.lease_id = e.lease_id and before.kind <= 2
            )
            order by e.run_id collate "C"
            on conflict do nothing
            returning journal
            """;

    // Locking writes: this commit waits for the standby that the first one may have missed (CRASH-10).
    private static final String STANDING = """
            select %s, w.run_id, w.incarnation
            from jsonb_to_recordset(:wanted::jsonb) as w (run_id text, incarnation uuid, journal uuid, place bigint)
            join @entry as e on e.journal = w.journal and e.place = w.place
            order by w.run_id
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
                Set<UUID> written = connections.write(session -> appendMany(session, together));
                for (Entry entry : together) {
                    if (written.contains(journals.key(entry.lease()))) {
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
            if (isWritten(connections, entry, bound)) {
                answers.put(entry, new Appended.Written());
            } else {
                refused.add(entry);
            }
        } catch (OutcomeUnknownException | StoreUnavailableException e) {
            answers.put(entry, new Appended.Failed(e));
        }
    }

    /** The hot path: one entry, one statement that commits by itself. */
    Appended append(PostgresConnections connections, Entry entry) {
        try {
            return isWritten(connections, entry, lockBound)
                    ? new Appended.Written()
                    : Objects.requireNonNull(
                            standing(connections, List.of(entry)).get(entry));
        } catch (OutcomeUnknownException | StoreUnavailableException e) {
            return new Appended.Failed(e);
        }
    }

    private boolean isWritten(PostgresConnections connections, Entry entry, String bound) {
        return connections.write(session ->
                entry.place() == 0 ? writesFirst(session, entry, bound) : writesBehind(session, entry, bound));
    }

    private boolean writesBehind(PostgresSession session, Entry entry, String bound) throws SQLException {
        Lease lease = entry.lease();
        boolean bounds = !session.isBounded(bound);
        PreparedStatement statement = session.statement(bounds ? oneBounded : one);
        statement.setShort(1, (short) entry.kind().code());
        statement.setObject(2, entry.commitId().id());
        statement.setInt(3, entry.checksum());
        statement.setBytes(4, entry.body().toArray());
        statement.setObject(5, journals.key(lease));
        statement.setLong(6, entry.place() - 1);
        statement.setLong(7, lease.token());
        statement.setObject(8, lease.id().id());
        boolean keeps = bounds && session.keepsSettings();
        if (bounds) {
            statement.setString(9, bound);
            statement.setBoolean(10, !keeps);
        }
        boolean written;
        try {
            written = statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (!TAKEN.equals(e.getSQLState())) {
                throw e;
            }
            return false;
        }
        session.requireConfirmed(statement);
        if (keeps && written) {
            session.bounded(bound);
        }
        return written;
    }

    private boolean writesFirst(PostgresSession session, Entry entry, String bound) throws SQLException {
        Lease lease = entry.lease();
        PreparedStatement statement = session.statement(first);
        statement.setObject(1, journals.key(lease));
        statement.setShort(2, (short) entry.kind().code());
        statement.setLong(3, lease.token());
        statement.setObject(4, lease.id().id());
        statement.setObject(5, entry.commitId().id());
        statement.setInt(6, entry.checksum());
        statement.setBytes(7, entry.body().toArray());
        statement.setString(8, bound);
        statement.setString(9, namespace);
        statement.setString(10, lease.runId());
        statement.setLong(11, lease.token());
        statement.setObject(12, lease.id().id());
        statement.setObject(13, lease.incarnation().id());
        statement.setString(14, lease.incarnation().toString());
        boolean written = statement.executeUpdate() == 1;
        session.requireConfirmed(statement);
        return written;
    }

    private Set<UUID> appendMany(PostgresSession session, List<Entry> entries) throws SQLException {
        Set<UUID> written = new HashSet<>();
        PreparedStatement statement = session.statement(many);
        statement.setArray(
                1, array(session, "text", entries, entry -> entry.lease().runId()));
        statement.setArray(2, array(session, "uuid", entries, entry -> journals.key(entry.lease())));
        statement.setArray(3, array(session, "int8", entries, Entry::place));
        statement.setArray(
                4, array(session, "int2", entries, entry -> (short) entry.kind().code()));
        statement.setArray(
                5, array(session, "int8", entries, entry -> entry.lease().token()));
        statement.setArray(
                6, array(session, "uuid", entries, entry -> entry.lease().id().id()));
        statement.setArray(
                7, array(session, "uuid", entries, entry -> entry.commitId().id()));
        statement.setArray(8, array(session, "int4", entries, Entry::checksum));
        statement.setArray(
                9,
                session.connection()
                        .createArrayOf(
                                "bytea",
                                entries.stream()
                                        .map(entry -> entry.body().toArray())
                                        .toArray(byte[][]::new)));
        statement.setString(10, lockBound);
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                written.add(PostgresRows.uuid(rows, "journal"));
            }
        }
        session.requireConfirmed(statement);
        return written;
    }

    private static Array array(PostgresSession session, String type, List<Entry> entries, Function<Entry, Object> value)
            throws SQLException {
        return session.connection()
                .createArrayOf(type, entries.stream().map(value).toArray());
    }

    /** One row of what is asked for at a place. */
    private record Wanted(String run_id, String incarnation, String journal, long place) {}

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
                        entry.lease().runId(),
                        entry.lease().incarnation().toString(),
                        journals.key(entry.lease()).toString(),
                        entry.place()))
                .toList();
        List<Entry> found = session.request(
                standing,
                query -> query.bind("bound", lockBound).bind("wanted", PostgresRows.json(wanted)),
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
