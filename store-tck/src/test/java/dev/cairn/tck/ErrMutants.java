// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.state.Bytes;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Stores, and codecs, that are wrong about errors. */
final class ErrMutants {
    private ErrMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store(
                        "ERR-01",
                        "normalises the texts of errors",
                        store -> reading(store, text -> Normalizer.normalize(text, Normalizer.Form.NFC))),
                Mutant.store(
                        "ERR-01",
                        "cuts an entry at 65,535 characters",
                        store -> reading(store, text -> text.substring(0, Math.min(65_535, text.length())))),
                Mutant.core(
                        "ERR-01",
                        "forgets the messages of causes",
                        "internal/RecordJson.java",
                        "(o, cause) -> o.text(\"type\", cause.type()).text(\"message\", cause.message())",
                        "(o, cause) -> o.text(\"type\", cause.type())"),
                Mutant.core(
                        "ERR-01",
                        "forgets the code of a failure",
                        "internal/RecordJson.java",
                        "case \"code\" -> code = in.text();",
                        "case \"code\" -> in.text();"),
                Mutant.core(
                        "ERR-02",
                        "numbers every attempt 1",
                        "internal/RecordJson.java",
                        ".number(\"number\", attempt.number())",
                        ".number(\"number\", 1)"),
                Mutant.sqlite(
                        "ERR-02",
                        "removes the attempts of a step that succeeds",
                        "SqliteStateStore.java",
                        "        return rows == 1 ? new Appended.Written()",
                        "        if (entry.body().asUtf8().contains(\"receipt\")) connections.write(session ->"
                                + " session.update(\"DELETE FROM cairn_entry WHERE instr(CAST(body AS TEXT), 'attempt') > 0\"));\n"
                                + "        return rows == 1 ? new Appended.Written()"),
                Mutant.store(
                        "ERR-03", "acknowledges a failure whatever stands at its place", store -> new Wrong(store) {
                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                return super.append(entries).stream()
                                        .map(answer -> isFailure(entries.get(0)) ? new Appended.Written() : answer)
                                        .toList();
                            }
                        }),
                Mutant.sqlite(
                        "ERR-03",
                        "acknowledges a failure whatever stands at its place",
                        "SqliteStateStore.java",
                        "return rows == 1 ? new Appended.Written()",
                        "return rows == 1 || entry.body().asUtf8().contains(\"failure\") ? new Appended.Written()"),
                Mutant.core(
                        "ERR-04",
                        "deletes: the end, in an acquire",
                        "spi/HeadRules.java",
                        "boolean wanted = condition.statuses().contains(head.status());",
                        "boolean wanted = true;"),
                Mutant.core(
                        "ERR-04",
                        "lets any grant reopen a run",
                        "spi/Fold.java",
                        " && (end == null || entry.kind() == EntryKind.REOPEN)",
                        ""),
                Mutant.core(
                        "ERR-04",
                        "reopens a run that has completed",
                        "spi/Condition.java",
                        "new Builder(EnumSet.of(RunStatus.FAILED))",
                        "new Builder(EnumSet.of(RunStatus.FAILED, RunStatus.COMPLETED))"),
                Mutant.sqlite(
                        "ERR-04",
                        "says that a run has ended and not how",
                        "SqliteRuns.java",
                        "if (reason == Refused.Reason.ENDED && marks.end().isPresent()) {",
                        "if (reason == Refused.Reason.HELD && marks.end().isPresent()) {"));
    }

    private static boolean isFailure(Entry entry) {
        return entry.body().asUtf8().contains("failure");
    }

    private static StateStore reading(StateStore store, UnaryOperator<String> change) {
        return new Wrong(store) {
            @Override
            public Optional<Page> read(Read request) {
                return super.read(request)
                        .map(page -> new Page(
                                page.head(),
                                page.storeTime(),
                                page.entries().stream().map(this::changed).toList(),
                                page.messages(),
                                page.next()));
            }

            private Entry changed(Entry entry) {
                Bytes body = Bytes.utf8(change.apply(entry.body().asUtf8()));
                return Entry.of(entry.lease(), entry.place(), entry.kind(), entry.commitId(), body);
            }
        };
    }
}
