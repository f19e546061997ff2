// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import java.util.List;

/** Stores that are wrong about deletes. */
final class DelMutants {
    private DelMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.sqlite(
                        "DEL-01",
                        "lists what is gone",
                        "SqliteHeads.java",
                        "WHEN 'RUNS' THEN status <> 'GONE' ELSE",
                        "WHEN 'RUNS' THEN 1 ELSE"),
                Mutant.sqlite(
                        "DEL-01",
                        "leaves the inbox of a deleted run",
                        "SqliteJournal.java",
                        "        session.update(DELETE_MESSAGES, \"number\", number);\n",
                        ""),
                Mutant.sqlite(
                        "DEL-01",
                        "never removes the head of a deleted run",
                        "SqliteRuns.java",
                        ".ifPresentOrElse(head -> heads.update(session, head), () -> heads.delete(session, fences.runId()));",
                        ".ifPresent(head -> heads.update(session, head));"),
                Mutant.core(
                        "DEL-02",
                        "says of what is gone that it was kept",
                        "memory/Transaction.java",
                        "return gone.isPresent() || existing(found).isEmpty() ? Erased.ERASED : Erased.KEPT;",
                        "return gone.isPresent() ? Erased.ERASED : Erased.KEPT;"),
                Mutant.core(
                        "DEL-02",
                        "deletes: which run was listed, in an erase",
                        "spi/HeadRules.java",
                        "&& isAsListed(head, erase.incarnation(), erase.token(), erase.changed())",
                        ""),
                Mutant.sqlite(
                        "DEL-02",
                        "says of what is gone that it was kept",
                        "SqliteRuns.java",
                        "return gone.isPresent() || before ?",
                        "return gone.isPresent() ?"),
                Mutant.core(
                        "DEL-03",
                        "deletes: the live lease, in an acquire",
                        "spi/HeadRules.java",
                        "boolean held = condition.over() == Condition.Over.EXPIRED && head.isLeased(now);",
                        "boolean held = false;"),
                Mutant.core(
                        "DEL-03",
                        "deletes: the live lease, in an erase of an ended run",
                        "spi/HeadRules.java",
                        "\n                        && !head.isLeased(now))",
                        ")"),
                Mutant.sqlite(
                        "DEL-03",
                        "deletes: whether what is left over is the run",
                        "SqliteRuns.java",
                        "if (!HeadRules.isLeftover(leftover, found)) {",
                        "if (!HeadRules.isLeftover(leftover, Optional.empty())) {"),
                Mutant.core(
                        "DEL-04",
                        "deletes: the revision, in an acquire",
                        "spi/HeadRules.java",
                        ".filter(expected -> !expected.equals(revision))",
                        ".filter(expected -> !expected.incarnation().equals(revision.incarnation()))"),
                Mutant.sqlite(
                        "DEL-04",
                        "deletes: the free place, in a commit",
                        "SqliteJournal.java",
                        "INSERT OR IGNORE INTO cairn_entry (id, kind, lease,",
                        "INSERT OR REPLACE INTO cairn_entry (id, kind, lease,"),
                Mutant.core(
                        "DEL-05",
                        "erases the entries of an ended run and forgets its head",
                        "memory/Transaction.java",
                        "            runs.put(head);\n            runs.removeJournal(head.runId(), head.incarnation());",
                        "            runs.removeJournal(head.runId(), head.incarnation());"),
                Mutant.sqlite(
                        "DEL-05",
                        "erases the entries of an ended run and forgets its head",
                        "SqliteRuns.java",
                        "            heads.update(session, head);\n            journal.delete(",
                        "            journal.delete("),
                Mutant.store("DEL-06", "acknowledges what it fences", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        return super.append(entries).stream()
                                .map(answer -> answer instanceof Appended.Fenced ? new Appended.Written() : answer)
                                .toList();
                    }
                }),
                Mutant.core(
                        "DEL-06",
                        "deletes: whose lease begins an incarnation",
                        "spi/Head.java",
                        "return names(other.incarnation()) && isHeldBy(other.over(incarnation));",
                        "return names(other.incarnation());"),
                Mutant.sqlite(
                        "DEL-06",
                        "deletes: whose lease begins an incarnation",
                        "SqliteRuns.java",
                        ".filter(head -> head.admits(lease))",
                        ".filter(head -> head.names(lease.incarnation()))"),
                Mutant.sqlite(
                        "DEL-06",
                        "deletes: the free place, in a commit",
                        "SqliteJournal.java",
                        "INSERT OR IGNORE INTO cairn_entry (id, kind, lease,",
                        "INSERT OR REPLACE INTO cairn_entry (id, kind, lease,"));
    }
}
