// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Stores that are wrong about lists of commits. */
final class BatchMutants {
    private BatchMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store("BATCH-01", "what is refused is answered last", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = new ArrayList<>(super.append(entries));
                        answers.sort(Comparator.comparing(answer -> !(answer instanceof Appended.Written)));
                        return answers;
                    }
                }),
                Mutant.store("BATCH-01", "behind one that is refused nothing is written", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = new ArrayList<>();
                        boolean refused = false;
                        for (Entry entry : entries) {
                            answers.add(
                                    refused
                                            ? new Appended.Fenced()
                                            : super.append(List.of(entry)).get(0));
                            refused |= answers.get(answers.size() - 1) instanceof Appended.Fenced;
                        }
                        return answers;
                    }
                }),
                Mutant.sqlite(
                        "BATCH-01",
                        "one that is too large fails the whole list",
                        "SqliteStateStore.java",
                        "return new Appended.Failed(e);",
                        "throw e;"),
                Mutant.core(
                        "BATCH-02",
                        "deletes: the look for two commits of one run",
                        "spi/Facts.java",
                        "if (!runs.add(entry.lease().runId()))",
                        "if (false)"),
                Mutant.sqlite(
                        "BATCH-02",
                        "deletes: the look for two commits of one run",
                        "SqliteStateStore.java",
                        "        limits.checkBatch(entries);\n",
                        ""),
                Mutant.core(
                        "BATCH-02",
                        "only neighbours are looked at",
                        "spi/Facts.java",
                        "if (!runs.add(entry.lease().runId()))",
                        """
                        runs.removeIf(id -> !id.equals(entry.lease().runId()));
                                        if (!runs.add(entry.lease().runId()))"""),
                Mutant.store("BATCH-03", "a list that has been begun is not gone on with", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = new ArrayList<>();
                        for (Entry entry : entries) {
                            boolean stop = answers.stream().anyMatch(Appended.Taken.class::isInstance);
                            answers.add(
                                    stop
                                            ? new Appended.Fenced()
                                            : super.append(List.of(entry)).get(0));
                        }
                        return answers;
                    }
                }),
                Mutant.store("BATCH-03", "a repeat in a list goes to the next place", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = super.append(entries);
                        for (int i = 0; i < entries.size() && entries.size() > 1; i++) {
                            if (answers.get(i) instanceof Appended.Taken) {
                                super.append(
                                        List.of(entries.get(i).at(entries.get(i).place() + 1)));
                            }
                        }
                        return answers;
                    }
                }),
                Mutant.sqlite(
                        "BATCH-03",
                        "the entries of a list are answered in reverse",
                        "SqliteStateStore.java",
                        "answers[i] = runs.append(session, entries.get(i));",
                        "answers[fitting.get(fitting.size() - 1 - fitting.indexOf(i))] = runs.append(session, entries.get(i));"));
    }
}
