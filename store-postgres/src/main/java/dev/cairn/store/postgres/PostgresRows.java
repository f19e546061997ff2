// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
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
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What rows are as values: heads, entries, messages. */
final class PostgresRows {
    static final JsonMapper JSON = JsonMapper.shared();

    /** The columns of a head, of a table named h. */
    static final String HEAD =
            "h.run_id, h.workflow, h.version, h.status, h.incarnation, h.token, h.lease_id, h.deadline,"
                    + " h.ttl, h.due, h.awaits, h.signals, h.labels::text, h.progress, h.reason, h.beside::text, h.source_token,"
                    + " h.created, h.changed";

    /** The columns of an entry, of a table named e. */
    static final String ENTRY = "e.place, e.kind, e.token, e.lease_id, e.commit_id, e.checksum, e.body";

    /** The columns of a message, of a table named m. */
    static final String MESSAGE = "m.id, m.position, m.name, m.checksum, m.payload";

    private PostgresRows() {}

    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static Head head(ResultSet row) throws SQLException {
        String runId = row.getString("run_id");
        try {
            return new Head(
                    runId,
                    row.getString("workflow"),
                    row.getInt("version"),
                    status(runId, row.getString("status")),
                    new Incarnation(uuid(row, "incarnation")),
                    row.getLong("token"),
                    lease(row),
                    due(row),
                    new TreeSet<>(
                            Arrays.asList((String[]) row.getArray("awaits").getArray())),
                    row.getLong("signals"),
                    new Labels(
                            JSON.readValue(row.getString("labels"), new TypeReference<TreeMap<String, String>>() {})),
                    row.getString("progress"),
                    row.getString("reason"),
                    beside(row.getString("beside")),
                    row.getLong("source_token"),
                    time(row, "created"),
                    time(row, "changed"));
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
        UUID id = row.getObject("lease_id", UUID.class);
        return id == null
                ? Optional.empty()
                : Optional.of(
                        new LeaseTerm(new LeaseId(id), time(row, "deadline"), Duration.ofMillis(row.getLong("ttl"))));
    }

    private static Optional<Instant> due(ResultSet row) throws SQLException {
        Instant due = time(row, "due");
        return row.wasNull() ? Optional.empty() : Optional.of(due);
    }

    private static Map<Incarnation, Instant> beside(String json) {
        Map<Incarnation, Instant> beside = new LinkedHashMap<>();
        JSON.readValue(json, new TypeReference<LinkedHashMap<String, Long>>() {})
                .forEach((id, since) -> beside.put(new Incarnation(UUID.fromString(id)), Instant.ofEpochMilli(since)));
        return beside;
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        if (id == null) {
            throw new IllegalArgumentException(column + " is missing");
        }
        return id;
    }

    /** An entry of a journal; columns by number, since a page has thousands. */
    static Entry entry(ResultSet row, String runId, Incarnation incarnation) throws SQLException {
        long place = row.getLong(1);
        EntryKind kind = EntryKind.ofCode(row.getInt(2));
        if (kind == EntryKind.STRIPPED) {
            return Entry.stripped(runId, incarnation, place);
        }
        try {
            return Entry.stored(
                    new Lease(runId, incarnation, new LeaseId(row.getObject(4, UUID.class)), row.getLong(3)),
                    place,
                    kind,
                    new CommitId(row.getObject(5, UUID.class)),
                    Bytes.adopt(row.getBytes(7)),
                    row.getInt(6));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CorruptException(
                    "run " + runId + ", incarnation " + incarnation + ", place " + place
                            + " is not as it was written; restore the database from a backup, or delete the run",
                    e);
        }
    }

    static Received message(ResultSet row, String runId) throws SQLException {
        Message message = new Message(row.getString("id"), row.getString("name"), Bytes.adopt(row.getBytes("payload")));
        if (row.getInt("checksum") != checksum(message)) {
            throw new CorruptException("run " + runId + ": the stored signal " + message.id()
                    + " does not fit its checksum; restore the database from a backup, or delete the run");
        }
        return new Received(message, row.getLong("position"));
    }

    static int checksum(Message message) {
        return checksum(message.payload(), message.id(), message.name());
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

    /** Texts as a parameter of type jsonb, from which the server makes rows. */
    static String json(Iterable<?> values) {
        return JSON.writeValueAsString(values);
    }

    /** Numbers as the text of an array. */
    static String array(Iterable<?> numbers) {
        StringBuilder text = new StringBuilder("{");
        numbers.forEach(number -> text.append(text.length() > 1 ? "," : "").append(number));
        return text.append('}').toString();
    }

    static List<String> names(Iterable<RunStatus> statuses) {
        List<String> names = new java.util.ArrayList<>();
        statuses.forEach(status -> names.add(status.name()));
        return names;
    }
}
