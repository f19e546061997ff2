// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.PageBuilder;
import dev.cairn.spi.Received;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Pages of a run: how many rows the server sends for one, and how they are cut. */
final class PostgresPages {
    /** The most rows of a page: one row more says that there are more. */
    private static final int MOST_ROWS = 10_000;

    private PostgresPages() {}

    // A page ends at the row that fills it, and one row more says whether something follows: so a row is sent if those
    // before
    // the one before it do not fill the page.
    private static String statement(String columns, String table, String bytes, String rows, String order) {
        return """
                select %1$s from (
                    select %2$s.*, sum(octet_length(%2$s.%4$s) + %7$d) over (
                        order by %6$s rows between unbounded preceding and 2 preceding) as sent
                    from %3$s as %2$s where %5$s
                    order by %6$s limit %8$d
                ) as %2$s where sent is null or sent <= :page order by %6$s;
                """.formatted(
                columns, table.substring(1, 2), table, bytes, rows, order, PageBuilder.FRAME_BYTES, MOST_ROWS + 1);
    }

    /**
     * The statement that reads the entries of a page from {@code :place} on, and one more if there are more.
     *
     * @param run a condition on e that names one incarnation
     */
    static String entries(String columns, String run) {
        return statement(columns, "@entry", "body", run + " and e.place >= :place", "e.place");
    }

    /**
     * The statement that reads the messages of a page behind {@code :order} and {@code :message}, and one more if there are
     * more.
     *
     * @param run a condition on m that names one incarnation
     */
    static String messages(String columns, String run) {
        return statement(
                columns,
                "@message",
                "payload",
                run + " and (m.position, m.id) > (:order, :message)",
                "m.position, m.id");
    }

    /** Cuts a page out of what was read; the last row of a full result is only a sign that more follow. */
    static Page page(Head head, Instant now, Cursor from, int maxBytes, List<Entry> entries, List<Received> messages)
            throws SQLException {
        PageBuilder page = new PageBuilder(head, now, from, maxBytes);
        for (int i = 0; i < entries.size(); i++) {
            if (i == MOST_ROWS || !page.add(entries.get(i))) {
                return page.build(false);
            }
        }
        for (int i = 0; i < messages.size(); i++) {
            if (i == MOST_ROWS || !page.add(messages.get(i))) {
                return page.build(false);
            }
        }
        return page.build(true);
    }
}
