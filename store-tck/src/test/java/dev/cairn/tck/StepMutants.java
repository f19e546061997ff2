// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Stores that are wrong about the one place of a commit. */
final class StepMutants {
    private StepMutants() {}

    static List<Mutant> all() {
        return Stream.of(visible(), places(), settled(), late(), gaps())
                .flatMap(List::stream)
                .toList();
    }

    /** Each answer of an append may be another one. */
    private static Mutant answers(String clause, String wrong, BiFunction<StateStore, Entry, Appended> answer) {
        return Mutant.store(clause, wrong, store -> new Wrong(store) {
            @Override
            public List<Appended> append(List<Entry> entries) {
                return entries.stream().map(entry -> answer.apply(right, entry)).toList();
            }
        });
    }

    private static Appended append(StateStore store, Entry entry) {
        return store.append(List.of(entry)).get(0);
    }

    private static List<Mutant> visible() {
        return List.of(
                Mutant.store("STEP-01", "a page that was read once is kept", store -> new Wrong(store) {
                    private final Map<Read, Optional<Page>> pages = new ConcurrentHashMap<>();

                    @Override
                    public Optional<Page> read(Read request) {
                        return pages.computeIfAbsent(request, super::read);
                    }
                }),
                Mutant.store("STEP-01", "an entry is written with the next one", store -> new Wrong(store) {
                    private final List<Entry> waiting = new ArrayList<>();

                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        waiting.forEach(entry -> StepMutants.append(right, entry));
                        waiting.clear();
                        waiting.addAll(entries);
                        return entries.stream()
                                .<Appended>map(entry -> new Appended.Written())
                                .toList();
                    }
                }),
                Mutant.core(
                        "STEP-05",
                        "an append is a change of the head",
                        "memory/Transaction.java",
                        "return new Appended.Written();",
                        """
                        runs.head(lease.runId()).ifPresent(head -> runs.put(head.edit().changed(now).build()));
                                return new Appended.Written();"""),
                Mutant.core(
                        "STEP-05",
                        "an append stamps the steps before it anew",
                        "memory/StoredJournal.java",
                        "        entries.add(entry);\n        if",
                        """
                                entries.replaceAll(e -> e.kind() != dev.cairn.spi.EntryKind.PLAIN ? e : Entry.of(e.lease(), e.place(),
                                        e.kind(), entry.commitId(), e.body()));
                                entries.add(entry);
                                if"""),
                Mutant.store("STEP-06", "entries come in order of their bodies", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        return super.read(request)
                                .map(page -> new Page(
                                        page.head(),
                                        page.storeTime(),
                                        page.entries().stream()
                                                .sorted(Comparator.comparing(
                                                        e -> e.body().asUtf8()))
                                                .toList(),
                                        page.messages(),
                                        page.next()));
                    }
                }),
                Mutant.sqlite(
                        "STEP-06",
                        "places are ordered as text",
                        "SqliteJournal.java",
                        "AND ?1 << 24 | ?3 ORDER BY id",
                        "AND ?1 << 24 | ?3 ORDER BY CAST(id & 16777215 AS TEXT)"));
    }

    private static List<Mutant> places() {
        return List.of(
                answers("STEP-02", "a repeat is fenced", (store, entry) -> {
                    Appended answer = append(store, entry);
                    return answer.equals(new Appended.Taken(entry)) ? new Appended.Fenced() : answer;
                }),
                answers("STEP-02", "a repeat is written again behind the first", (store, entry) -> {
                    Appended answer = append(store, entry);
                    if (answer.equals(new Appended.Taken(entry))) {
                        append(store, entry.at(entry.place() + 1));
                    }
                    return answer;
                }),
                Mutant.sqlite(
                        "STEP-02",
                        "a settle that was done is lost when it is repeated",
                        "SqliteRuns.java",
                        "boolean repeated = standing.isPresent() && found.isPresent();",
                        "boolean repeated = false;"),
                answers("STEP-03", "whoever comes second is told that his own entry stands", (store, entry) -> {
                    Appended answer = append(store, entry);
                    return answer instanceof Appended.Taken ? new Appended.Taken(entry) : answer;
                }),
                Mutant.core(
                        "STEP-03",
                        "a settle with the same commit id and other bytes is a repeat",
                        "memory/Transaction.java",
                        "there.get().equals(entry) && found.isPresent()",
                        "there.get().commitId().equals(entry.commitId()) && found.isPresent()"),
                Mutant.sqlite(
                        "STEP-03",
                        "deletes: the free place, the last one wins",
                        "SqliteJournal.java",
                        "INSERT OR IGNORE INTO cairn_entry",
                        "INSERT OR REPLACE INTO cairn_entry"),
                Mutant.sqlite(
                        "STEP-07",
                        "deletes: the free place, the last one wins",
                        "SqliteJournal.java",
                        "INSERT OR IGNORE INTO cairn_entry",
                        "INSERT OR REPLACE INTO cairn_entry"),
                answers("STEP-07", "everybody is told that he won", (store, entry) -> {
                    Appended answer = append(store, entry);
                    return answer instanceof Appended.Taken ? new Appended.Written() : answer;
                }),
                Mutant.store("STEP-07", "of a list only the first entry is written", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        Appended first = StepMutants.append(right, entries.get(0));
                        return entries.stream()
                                .map(entry -> entry.equals(entries.get(0)) ? first : new Appended.Written())
                                .toList();
                    }
                }));
    }

    private static List<Mutant> settled() {
        return List.of(
                Mutant.store("STEP-04", "a settle writes the entry and leaves the head", store -> new Wrong(store) {
                    @Override
                    public Settled settle(Settle request) {
                        if (request.entry().isEmpty()) {
                            return super.settle(request);
                        }
                        StepMutants.append(right, request.entry().get());
                        return new Settled.Done(
                                right.read(new Read(request.lease().runId(), new dev.cairn.spi.Cursor.Start(), 1))
                                        .orElseThrow()
                                        .head());
                    }
                }),
                Mutant.core(
                        "STEP-04",
                        "the head first: a settle whose place is taken has changed it",
                        "memory/Transaction.java",
                        ": new Settled.Taken(there.get());",
                        ": changed(HeadRules.settle(request, found, now)) == null ? null : new Settled.Taken(there.get());"),
                Mutant.sqlite(
                        "STEP-04",
                        "the head first: a settle whose place is taken has changed it",
                        "SqliteRuns.java",
                        "return new Settled.Taken(standing.get());",
                        """
                        if (HeadRules.settle(request, found, now) instanceof Settled.Done first) {
                                        heads.update(session, inMillis(first.head()));
                                    }
                                    return new Settled.Taken(standing.get());"""),
                Mutant.core(
                        "STEP-04",
                        "a settle whose entry stands already does not finish the head",
                        "memory/Transaction.java",
                        "return answer instanceof Settled.Done ? changed(answer) : new Settled.Done(head);",
                        "return new Settled.Done(head);"));
    }

    private static List<Mutant> late() {
        return List.of(
                Mutant.sqlite(
                        "STEP-08",
                        "deletes: the look at the place before",
                        "SqliteJournal.java",
                        "SELECT ?2 FROM cairn_journal AS journal",
                        "SELECT ?2 UNION ALL SELECT ?2 FROM cairn_journal AS journal"),
                Mutant.core(
                        "STEP-08",
                        "a commit that may not be written is acknowledged",
                        "memory/Transaction.java",
                        "return new Appended.Fenced();",
                        "return new Appended.Written();"),
                answers("STEP-10", "a commit id is known, at whatever place it is sent", new KnownCommits()),
                answers("STEP-10", "the store itself writes a commit at the next free place", (store, entry) -> {
                    Appended answer = append(store, entry);
                    Entry next = entry;
                    for (int i = 0; i < 9 && append(store, next) instanceof Appended.Taken; i++) {
                        next = next.at(next.place() + 1);
                    }
                    return answer;
                }));
    }

    private static final class KnownCommits implements BiFunction<StateStore, Entry, Appended> {
        private final Map<CommitId, Appended> known = new ConcurrentHashMap<>();

        @Override
        public Appended apply(StateStore store, Entry entry) {
            return known.computeIfAbsent(entry.commitId(), id -> append(store, entry));
        }
    }

    private static List<Mutant> gaps() {
        String look = "if (entry.place() != expected) {";
        return List.of(
                Mutant.sqlite(
                        "STEP-09", "deletes: the look for a gap", "SqliteJournal.java", look, "if (expected < 0) {"),
                Mutant.sqlite(
                        "STEP-09",
                        "a run ends at its first gap",
                        "SqliteJournal.java",
                        look,
                        "if (entry.place() != expected) break; if (expected < 0) {"),
                Mutant.sqlite(
                        "STEP-09",
                        "what was read behind a gap is handed out, and then it is reported",
                        "SqliteJournal.java",
                        look,
                        "if (entry.place() != expected && !entries.isEmpty()) {"),
                Mutant.sqlite(
                        "STEP-09",
                        "a gap is reported without its incarnation",
                        "SqliteJournal.java",
                        "\"run \" + head.runId() + \", incarnation \" + head.incarnation()\n",
                        "\"run \" + head.runId()\n"));
    }
}
