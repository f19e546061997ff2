// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Stores that are wrong about what is large. */
final class BigMutants {
    private BigMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "BIG-01",
                        "what is as large as the limit is refused",
                        "spi/Facts.java",
                        "if (bytes.size() > limit)",
                        "if (bytes.size() >= limit)"),
                Mutant.core(
                        "BIG-02",
                        "deletes: the limit of an append",
                        "memory/InMemoryStateStore.java",
                        "limits.refusal(entry).orElseGet(() -> transaction.append(entry))",
                        "transaction.append(entry)"),
                Mutant.core(
                        "BIG-02",
                        "deletes: the limit of a grant",
                        "spi/Facts.java",
                        "checkSize(\"the grant\", request.runId(), request.grant(), entryBytes);",
                        ""),
                Mutant.sqlite(
                        "BIG-02",
                        "deletes: the limit of a message",
                        "SqliteStateStore.java",
                        "limits.check(runId, message);",
                        ""),
                Mutant.store("BIG-02", "what is too large is cut", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        return super.append(entries.stream()
                                .map(e -> cut(e, facts().limits().entryBytes()))
                                .toList());
                    }
                }),
                Mutant.store("BIG-03", "no page has a successor", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        return super.read(request)
                                .map(page -> new Page(
                                        page.head(),
                                        page.storeTime(),
                                        page.entries(),
                                        page.messages(),
                                        Optional.empty()));
                    }
                }),
                Mutant.core(
                        "BIG-03",
                        "a run is read up to its place 8,191",
                        "memory/Pages.java",
                        "place < journal.length()",
                        "place < Math.min(8_192, journal.length())"),
                Mutant.store("BIG-04", "one large write of ten is torn", store -> new Wrong(store) {
                    private final AtomicLong writes = new AtomicLong();

                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        boolean torn = writes.incrementAndGet() % 10 == 5;
                        return super.append(entries.stream()
                                .map(e -> torn ? cut(e, 65_536) : e)
                                .toList());
                    }
                }),
                Mutant.store("BIG-04", "a write is acknowledged while another is under way", store -> new Wrong(store) {
                    private final AtomicLong underWay = new AtomicLong();

                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        try {
                            return underWay.incrementAndGet() > 1
                                            || entries.get(0).hashCode() % 4 == 0
                                    ? List.of(new Appended.Written())
                                    : super.append(entries);
                        } finally {
                            underWay.decrementAndGet();
                        }
                    }
                }));
    }

    private static Entry cut(Entry e, int most) {
        Bytes body = e.body().slice(0, Math.min(e.body().size(), most));
        return Entry.of(e.lease(), e.place(), e.kind(), e.commitId(), body);
    }
}
