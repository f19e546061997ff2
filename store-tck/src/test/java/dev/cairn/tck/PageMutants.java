// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Stores that are wrong about pages of a run. */
final class PageMutants {
    private PageMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "PAGE-01",
                        "deletes: the incarnation of a cursor",
                        "memory/Transaction.java",
                        "|| after.incarnation().equals(head.incarnation()))",
                        "|| after.place() >= 0)"),
                Mutant.core(
                        "PAGE-01",
                        "a page begins one place too late",
                        "memory/Pages.java",
                        "new Cursor.After(head.incarnation(), place + 1, next.order(), next.messageId());",
                        "new Cursor.After(head.incarnation(), place + 2, next.order(), next.messageId());"),
                Mutant.core(
                        "PAGE-01",
                        "says that nothing follows the entries",
                        "memory/Pages.java",
                        "boolean all = pages.takeEntries() && pages.takeMessages();",
                        "boolean all = !pages.takeEntries() || pages.takeMessages();"),
                Mutant.sqlite(
                        "PAGE-01",
                        "deletes: the incarnation of a cursor",
                        "SqliteStateStore.java",
                        "|| after.incarnation().equals(head.incarnation());",
                        "|| after.place() >= 0;"),
                Mutant.sqlite(
                        "PAGE-01",
                        "a page of messages begins again at the first",
                        "SqliteJournal.java",
                        "AND (position, message_id) > (?2, ?3)",
                        "AND (position, message_id) >= (?2, ?3)"));
    }
}
