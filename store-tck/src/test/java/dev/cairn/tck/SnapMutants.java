// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores that are wrong about restores. */
final class SnapMutants {
    private SnapMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(mixtures());
        all.addAll(leases());
        all.addAll(contents());
        all.addAll(sweeps());
        return all;
    }

    private static List<Mutant> mixtures() {
        return List.of(
                Mutant.core(
                        "SNAP-01",
                        "deletes: the incarnation of a cursor",
                        "memory/Transaction.java",
                        "                        || after.incarnation().equals(head.incarnation()))",
                        "                        || after.place() >= 0)"),
                Mutant.sqlite(
                        "SNAP-01",
                        "deletes: the incarnation of a cursor",
                        "SqliteStateStore.java",
                        "return !(cursor instanceof Cursor.After after) || after.incarnation().equals(head.incarnation());",
                        "return true;"),
                Mutant.core(
                        "SNAP-01",
                        "makes an incarnation the run when it is named",
                        "spi/HeadRules.java",
                        "change.name().ifPresent(incarnation -> next.beside(incarnation, now));",
                        "change.name().ifPresent(incarnation -> next.beside(incarnation, now).incarnation(incarnation));"));
    }

    private static List<Mutant> leases() {
        return List.of(
                Mutant.core(
                        "SNAP-02",
                        "deletes: the lease, in a settle",
                        "spi/HeadRules.java",
                        "if (found.isEmpty() || !found.get().isHeldBy(request.lease())) {",
                        "if (found.isEmpty()) {"),
                Mutant.sqlite(
                        "SNAP-02",
                        "deletes: the lease, in a settle",
                        "SqliteRuns.java",
                        "Settled decided = HeadRules.settle(request, found, now);",
                        "Settled decided = HeadRules.settle(Settle.of(found.flatMap(Head::standing).orElse(lease),"
                                + " request.change()), found, now);"));
    }

    private static List<Mutant> contents() {
        return List.of(
                Mutant.core(
                        "SNAP-03",
                        "keeps the labels of a run that is restored",
                        "spi/HeadRules.java",
                        "change.labels().ifPresent(next::labels);",
                        ""),
                Mutant.core(
                        "SNAP-03",
                        "keeps the number of signals of a run that is restored",
                        "spi/HeadRules.java",
                        "                        .signals(0));",
                        "                        .signals(head.signals()));"),
                Mutant.sqlite(
                        "SNAP-03",
                        "keeps what a run waited for",
                        "SqliteHeads.java",
                        "due = :due, awaits = :awaitsJson, signals = :signals,",
                        "due = :due, awaits = CASE :awaitsJson WHEN '[]' THEN awaits ELSE :awaitsJson END,"
                                + " signals = :signals,"),
                Mutant.sqlite(
                        "SNAP-04",
                        "erases the journal of the run, and not the one that was left behind",
                        "SqliteRuns.java",
                        "journal.delete(session, erase.runId(), leftover.incarnation());",
                        "journal.delete(session, erase.runId(),"
                                + " found.map(Head::incarnation).orElse(leftover.incarnation()));"),
                Mutant.store("SNAP-04", "reads a restored run without its last entry", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        return super.read(request)
                                .map(page -> page.head().beside().isEmpty() ? page : cut(page));
                    }

                    private static Page cut(Page page) {
                        List<Entry> entries = page.entries();
                        return new Page(
                                page.head(),
                                page.storeTime(),
                                entries.subList(0, Math.max(1, entries.size() - 1)),
                                page.messages(),
                                page.next());
                    }
                }));
    }

    private static List<Mutant> sweeps() {
        return List.of(
                Mutant.core(
                        "SNAP-05",
                        "deletes: the fence time, in a sweep",
                        "spi/HeadRules.java",
                        "named.getValue().isBefore(fencesBefore)",
                        "named.getValue().isBefore(fencesBefore.plusSeconds(86_400))"),
                Mutant.core(
                        "SNAP-05",
                        "deletes: the lease, in a sweep",
                        "spi/HeadRules.java",
                        "                || head.lease().isPresent()\n",
                        ""),
                Mutant.sqlite(
                        "SNAP-05",
                        "sweeps the names of what was left behind, and not what it holds",
                        "SqliteRuns.java",
                        "        sweep.get().remove().forEach(incarnation -> journal.delete(session, fences.runId(), incarnation));\n",
                        ""),
                Mutant.sqlite(
                        "SNAP-05",
                        "deletes: the fence time, in a sweep",
                        "SqliteRuns.java",
                        "session.now().minus(options.fenceTime())",
                        "session.now()"));
    }
}
