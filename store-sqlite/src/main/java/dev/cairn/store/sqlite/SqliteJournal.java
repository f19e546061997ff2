// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CorruptException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import dev.cairn.state.Bytes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Entries and messages. Each incarnation has a number, and number and place together are the key of an entry: 24 bits of
 * place, so that a journal holds 16,777,216 entries and what is beyond is refused.
 */
final class SqliteJournal {
    static final int PLACE_BITS = 24;
    static final long MAX_PLACE = (1L << PLACE_BITS) - 1;
    /** The bytes that an entry or message takes in a page beside its body. */
    private static final int ROW_BYTES = 64;

    private final String namespace;

    SqliteJournal(String namespace) {
        this.namespace = namespace;
    }

    // One row of VALUES, and not a SELECT, which would go through a temporary table as it reads what it writes. Where
    // the place before does not allow it the kind is null, which the table refuses, and OR IGNORE leaves it at that.
    // The kind is compared, not looked up: of a list of three SQLite makes a table each time it runs.
    private static final String APPEND = """
            INSERT OR IGNORE INTO cairn_entry (id, kind, lease, token, commit_id, checksum, body)
            VALUES (
                (SELECT number FROM cairn_journal WHERE incarnation = ?8 AND run_id = ?9 AND namespace = ?10) << 24 | ?1,
                (
                    SELECT ?2 FROM cairn_journal AS journal
                    JOIN cairn_entry AS before ON before.id = (journal.number << 24 | ?1) - 1
                    WHERE journal.incarnation = ?8 AND journal.run_id = ?9 AND journal.namespace = ?10
                        AND before.lease = ?3 AND before.token = ?4 AND before.kind <= 2
                ),
                ?3, ?4, ?5, ?6, ?7
            )
            """;

    /**
     * Writes an entry if its place is free and the place before it was written under the same lease and leaves it open:
     * this look is what fences, and it needs no lock of the head.
     *
     * @return a statement that writes one row, or none
     */
    PreparedStatement append(SqliteSession session, Entry entry) throws SQLException {
        Lease lease = entry.lease();
        return session.statement(
                APPEND,
                entry.place(),
                entry.kind().code(),
                lease.id().id(),
                lease.token(),
                entry.commitId().id(),
                entry.checksum(),
                entry.body(),
                lease.incarnation().id(),
                lease.runId(),
                namespace);
    }

    private static final String NUMBER = """
            SELECT number FROM cairn_journal
            WHERE incarnation = :incarnation AND run_id = :run AND namespace = :namespace
            """;

    /** The number of a journal; 0, which none has, if it is not there. */
    private long number(SqliteSession session, String runId, Incarnation incarnation) {
        Optional<Long> number = session.row(
                NUMBER, row -> row.getLong(1), "incarnation", incarnation.id(), "run", runId, "namespace", namespace);
        return number.orElse(0L);
    }

    private static final String NEW_NUMBER = """
            INSERT INTO cairn_journal (incarnation, run_id, namespace) VALUES (:incarnation, :run, :namespace)
            ON CONFLICT DO NOTHING
            """;

    private static final String INSERT = """
            INSERT INTO cairn_entry (id, kind, lease, token, commit_id, checksum, body)
            VALUES (:number << 24 | :place, :kind.code, :lease.id.id, :lease.token, :commitId.id, :checksum, :body)
            ON CONFLICT DO NOTHING
            """;

    /**
     * Writes an entry that no place before it fences: a grant, or the first one of an incarnation that the head names.
     *
     * @return whether it was written: not if the place is taken
     */
    boolean insert(SqliteSession session, Entry entry) {
        Lease lease = entry.lease();
        UUID incarnation = lease.incarnation().id();
        checkPlace(entry);
        session.update(NEW_NUMBER, "incarnation", incarnation, "run", lease.runId(), "namespace", namespace);
        long number = number(session, lease.runId(), lease.incarnation());
        return session.updateWith(INSERT, insert -> insert.bindMethods(entry).bind("number", number)) == 1;
    }

    static void checkPlace(Entry entry) {
        if (entry.place() > MAX_PLACE) {
            throw new PayloadTooLargeException("run " + entry.lease().runId() + ": place " + entry.place()
                    + " is beyond the " + (MAX_PLACE + 1)
                    + " entries that a journal in SQLite holds; nothing was written."
                    + " Split the run into several");
        }
    }

    // The three that are bytes come as one: fetching a value of a row costs as much as SQLite takes for the row.
    private static final String ENTRIES = """
            SELECT id & 16777215, kind, token, checksum, lease || commit_id || body FROM cairn_entry
            WHERE id BETWEEN ?1 << 24 | ?2 AND ?1 << 24 | ?3 ORDER BY id
            """;

    /** Rows of the plain connection: for a run of 10,000 steps JDBI's cost per row is as much as SQLite's own. */
    private ResultSet entries(SqliteSession session, String runId, Incarnation incarnation, long from, long to)
            throws SQLException {
        long number = number(session, runId, incarnation);
        return session.statement(ENTRIES, number, from, to).executeQuery();
    }

    private static Entry entry(ResultSet row, String runId, Incarnation incarnation, @Nullable Entry before)
            throws SQLException {
        long place = row.getLong(1);
        try {
            byte[] bytes = row.getBytes(5);
            LeaseId id = new LeaseId(SqliteHeads.uuid(bytes, 0));
            Lease lease = lease(runId, incarnation, id, row.getLong(3), before);
            return Entry.stored(
                    lease,
                    place,
                    EntryKind.ofCode(row.getInt(2)),
                    new CommitId(SqliteHeads.uuid(bytes, SqliteHeads.ID_BYTES)),
                    Bytes.adopt(bytes).slice(2 * SqliteHeads.ID_BYTES, bytes.length),
                    row.getInt(4));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CorruptException(
                    "run " + runId + ", incarnation " + incarnation + ", place " + place
                            + " is not as it was written; restore the database from a backup, or delete the run",
                    e);
        }
    }

    /** Of a long run most entries are of one lease, which is made and kept once. */
    private static Lease lease(String runId, Incarnation incarnation, LeaseId id, long token, @Nullable Entry before) {
        if (before != null
                && before.lease().token() == token
                && before.lease().id().equals(id)) {
            return before.lease();
        }
        return new Lease(runId, incarnation, id, token);
    }

    /** The entry at a place. */
    Optional<Entry> at(SqliteSession session, String runId, Incarnation incarnation, long place) throws SQLException {
        try (ResultSet found = entries(session, runId, incarnation, place, Math.min(place, MAX_PLACE))) {
            return found.next() ? Optional.of(entry(found, runId, incarnation, null)) : Optional.empty();
        }
    }

    /** What the rules ask of the journal of a head; of none, where there is no run. */
    SqliteMarks marks(SqliteSession session, Optional<Head> found) throws SQLException {
        long number = found.map(head -> number(session, head.runId(), head.incarnation()))
                .orElse(0L);
        return SqliteMarks.read(session, number);
    }

    /** A page of the head's incarnation, in the transaction in which the head was read. */
    Page page(SqliteSession session, Head head, Cursor cursor, int maxBytes, Instant now) throws SQLException {
        Cursor.After from =
                cursor instanceof Cursor.After after ? after : new Cursor.After(head.incarnation(), 0, -1, "");
        long left = maxBytes;
        List<Entry> entries = new ArrayList<>();
        try (ResultSet found = entries(session, head.runId(), head.incarnation(), from.place(), MAX_PLACE)) {
            Entry entry = null;
            while (found.next()) {
                entry = entry(found, head.runId(), head.incarnation(), entry);
                long expected = from.place() + entries.size();
                if (entry.place() != expected) { // nothing behind it is used (STEP-09); rolls a grant back
                    throw new CorruptException("run " + head.runId() + ", incarnation " + head.incarnation()
                            + ": place " + expected + " is free before a later entry; restore the database from a"
                            + " backup, or delete the run");
                }
                left -= entry.body().size() + ROW_BYTES;
                if (left < 0 && !entries.isEmpty()) {
                    Cursor.After next =
                            new Cursor.After(head.incarnation(), entry.place(), from.order(), from.messageId());
                    return new Page(head, now, entries, List.of(), Optional.of(next));
                }
                entries.add(entry);
            }
        }
        return messages(session, head, entries, from, left, now);
    }

    private static final String MESSAGES = """
            SELECT message_id, name, position, checksum, payload FROM cairn_message
            WHERE journal = ?1 AND (position, message_id) > (?2, ?3) ORDER BY position, message_id
            """;

    private Page messages(
            SqliteSession session, Head head, List<Entry> entries, Cursor.After from, long room, Instant now)
            throws SQLException {
        long left = room;
        long place = entries.isEmpty()
                ? from.place()
                : entries.get(entries.size() - 1).place() + 1;
        Cursor.After last = new Cursor.After(head.incarnation(), place, from.order(), from.messageId());
        List<Received> messages = new ArrayList<>();
        long number = number(session, head.runId(), head.incarnation());
        try (ResultSet found = session.statement(MESSAGES, number, from.order(), from.messageId())
                .executeQuery()) {
            while (found.next()) {
                Received received = received(found, head);
                left -= received.message().payload().size() + ROW_BYTES;
                if (left < 0 && !(entries.isEmpty() && messages.isEmpty())) {
                    return new Page(head, now, entries, messages, Optional.of(last));
                }
                messages.add(received);
                last = new Cursor.After(
                        head.incarnation(),
                        place,
                        received.order(),
                        received.message().id());
            }
        }
        return new Page(head, now, entries, messages, Optional.empty());
    }

    private static Received received(ResultSet row, Head head) throws SQLException {
        Message message =
                new Message(row.getString("message_id"), row.getString("name"), Bytes.adopt(row.getBytes("payload")));
        if (row.getInt("checksum") != checksum(message.payload(), message.id(), message.name())) {
            throw new CorruptException("run " + head.runId() + ": the stored signal " + message.id()
                    + " does not fit its checksum; restore the database from a backup, or delete the run");
        }
        return new Received(message, row.getLong("position"));
    }

    private static final String RECEIVE = """
            INSERT INTO cairn_message (journal, message_id, name, position, checksum, payload)
            VALUES (:number, :id, :name, :order, :checksum, :payload) ON CONFLICT DO NOTHING
            """;

    /** Puts a message into the inbox of the head's incarnation; how many rows it wrote: 0 if its id is there. */
    int receive(SqliteSession session, Head head, Message message) {
        long number = number(session, head.runId(), head.incarnation());
        int checksum = checksum(message.payload(), message.id(), message.name());
        return session.updateWith(
                RECEIVE,
                insert -> insert.bindMethods(message)
                        .bind("number", number)
                        .bind("order", head.signals())
                        .bind("checksum", checksum));
    }

    private static final String DELETE_ENTRIES =
            "DELETE FROM cairn_entry WHERE id BETWEEN :number << 24 AND :number << 24 | 16777215";
    private static final String DELETE_MESSAGES = "DELETE FROM cairn_message WHERE journal = :number";
    private static final String DELETE_JOURNAL = "DELETE FROM cairn_journal WHERE number = :number";

    /** Removes the journal and the inbox of an incarnation. No fence stays: the look at the place before finds nothing. */
    void delete(SqliteSession session, String runId, Incarnation incarnation) {
        long number = number(session, runId, incarnation);
        session.update(DELETE_ENTRIES, "number", number);
        session.update(DELETE_MESSAGES, "number", number);
        session.update(DELETE_JOURNAL, "number", number);
    }

    /** The checksum of what is stored beside entries. */
    static int checksum(Bytes bytes, String... names) {
        CRC32C crc = new CRC32C();
        for (String name : names) {
            crc.update(Bytes.utf8(name + '\0').asBuffer());
        }
        crc.update(bytes.asBuffer());
        return (int) crc.getValue();
    }
}
