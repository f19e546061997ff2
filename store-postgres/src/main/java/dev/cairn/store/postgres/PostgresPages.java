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
    private PostgresPages() {}

    /** So many rows are summed up at once, which is much cheaper than row by row, to see whether one page holds all. */
    private static final int SUMMED_ROWS = 20_000;

    /** Behind every place. */
    private static final String END = Long.toString(Long.MAX_VALUE);

    // A page ends at the row that fills it, and the row behind that one says whether something follows. Where not
    // all fits, the sum is made while the rows are read, and no further than to that row; a frame for each row
    // bounds their number.

    /** Whether all rows fit into one page. */
    private static String fits(String rows, String bytes) {
        return """
                (select coalesce(sum(size), 0) <= :page and count(*) < %s from (
                    select octet_length(%s) + %s as size %s limit %s
                ) as sizes)""".formatted(SUMMED_ROWS, bytes, PageBuilder.FRAME_BYTES, rows, SUMMED_ROWS);
    }

    /** The key of the row behind the one that fills the page; none if there is no such row. */
    private static String last(String rows, String bytes, String key) {
        return """
                (select %1$s from (
                    select %1$s, sum(octet_length(%2$s) + %3$s) over (
                        order by %1$s rows between unbounded preceding and current row) as sent %4$s
                ) as sums where sent > :page order by %1$s offset 1 limit 1)""".formatted(key, bytes, PageBuilder.FRAME_BYTES, rows);
    }

    /**
     * The statement that reads the entries of a page from {@code :place} on, and one more if there are more.
     *
     * @param run a condition on e that names one incarnation
     */
    static String entries(String columns, String run) {
        return entries(columns, run, fits(entryRows(run), "body"));
    }

    /**
     * The same behind a look at the whole journal that left its size in a setting.
     *
     * @param setting holds the bytes of all rows, or nothing
     */
    static String entriesSized(String columns, String run, String setting) {
        String known = "nullif(current_setting('" + setting + "', true), '')::bigint <= :page";
        return entries(columns, run, "coalesce(" + known + ", " + fits(entryRows(run), "body") + ")");
    }

    private static String entryRows(String run) {
        return "from @entry as e where " + run + " and e.place >= :place";
    }

    private static String entries(String columns, String run, String fits) {
        String rows = entryRows(run);
        return "select " + columns + "\n" + rows + "\nand e.place <= case when " + fits + "\nthen " + END
                + " else coalesce(" + last(rows, "body", "place") + ", " + END + ") end\norder by e.place;\n";
    }

    /**
     * The statement that reads the messages of a page behind {@code :order} and {@code :message}, and one more if there are
     * more.
     *
     * @param run a condition on m that names one incarnation
     */
    static String messages(String columns, String run) {
        String rows = "from @message as m where " + run + " and (m.position, m.id) > (:order, :message)";
        return "select " + columns + "\n" + rows + "\nand (" + fits(rows, "payload") + "\nor ((m.position, m.id) <= "
                + last(rows, "payload", "position, id") + ") is not false)\norder by m.position, m.id;\n";
    }

    /** Cuts a page out of what was read; the last row may be only a sign that more follow. */
    static Page page(Head head, Instant now, Cursor from, int maxBytes, List<Entry> entries, List<Received> messages)
            throws SQLException {
        PageBuilder page = new PageBuilder(head, now, from, maxBytes);
        for (Entry entry : entries) {
            if (!page.add(entry)) {
                return page.build(false);
            }
        }
        for (Received message : messages) {
            if (!page.add(message)) {
                return page.build(false);
            }
        }
        return page.build(true);
    }
}
