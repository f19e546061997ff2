// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.LeaseId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the rules ask of a journal, from its grants and ends alone: whatever stands behind a grant was written under it, as
 * one writer at a time looks at the place before, so that nothing else decides what counts.
 */
final class SqliteMarks implements HeadRules.Journal {
    private final long length;
    private final Set<LeaseId> grants = new HashSet<>();
    private long count;
    private long end = -1;

    private record Mark(long place, EntryKind kind, LeaseId lease, long token) {}

    private SqliteMarks(long length, List<Mark> marks) {
        this.length = length;
        long highestToken = 0;
        boolean counting = false;
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            long next = i + 1 < marks.size() ? marks.get(i + 1).place() : length;
            if (mark.kind().isGrant()) {
                grants.add(mark.lease());
                counting = mark.token() > highestToken && (end < 0 || mark.kind() == EntryKind.REOPEN);
                highestToken = Math.max(highestToken, mark.token());
                end = counting ? -1 : end;
                count += counting ? next - mark.place() - 1 : 0;
            } else if (counting) {
                end = mark.place();
                count++;
                counting = false;
            }
        }
    }

    private static final String LAST = """
            SELECT id & 16777215 FROM cairn_entry
            WHERE id BETWEEN ?1 << 24 AND ?1 << 24 | 16777215 ORDER BY id DESC LIMIT 1
            """;

    private static final String MARKS = """
            SELECT id & 16777215, kind, lease, token FROM cairn_entry INDEXED BY cairn_entry_mark
            WHERE id BETWEEN ?1 << 24 AND ?1 << 24 | 16777215 AND (kind <= 1 OR kind = 4) ORDER BY id
            """;

    /** The marks of the journal with this number. */
    static SqliteMarks read(SqliteSession session, long number) throws SQLException {
        long length;
        try (ResultSet last = session.statement(LAST, number).executeQuery()) {
            length = last.next() ? last.getLong(1) + 1 : 0;
        }
        List<Mark> marks = new ArrayList<>();
        try (ResultSet row = session.statement(MARKS, number).executeQuery()) {
            while (row.next()) {
                marks.add(mark(row));
            }
        }
        return new SqliteMarks(length, marks);
    }

    private static Mark mark(ResultSet row) throws SQLException {
        try {
            return new Mark(
                    row.getLong(1),
                    EntryKind.ofCode(row.getInt(2)),
                    new LeaseId(SqliteHeads.uuid(row.getBytes(3))),
                    row.getLong(4));
        } catch (IllegalArgumentException e) {
            throw new CorruptException(
                    "a grant or an end is not as it was written; restore the database from a backup", e);
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public boolean hasGrantOf(LeaseId id) {
        return grants.contains(id);
    }

    /** The place of the end that counts, if the journal has ended. */
    OptionalLong end() {
        return end < 0 ? OptionalLong.empty() : OptionalLong.of(end);
    }
}
