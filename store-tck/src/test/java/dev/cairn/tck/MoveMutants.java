// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Mutants of MOVE. */
final class MoveMutants {
    private MoveMutants() {}

    static List<Mutant> all() {
        return Stream.of(ofStores(), ofCore()).flatMap(List::stream).toList();
    }

    private static List<Mutant> ofStores() {
        return List.of(
                Mutant.store("MOVE-01", "hands over text with other bytes", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        return super.read(request)
                                .map(page -> new Page(
                                        page.head(),
                                        page.storeTime(),
                                        page.entries().stream()
                                                .map(this::decoded)
                                                .toList(),
                                        page.messages(),
                                        page.next()));
                    }

                    private Entry decoded(Entry entry) {
                        Bytes body = Bytes.utf8(entry.body().asUtf8());
                        return Entry.of(entry.lease(), entry.place(), entry.kind(), entry.commitId(), body);
                    }
                }),
                Mutant.sqlite(
                        "MOVE-01",
                        "takes a run in without its labels",
                        "SqliteHeads.java",
                        ":deadline, :ttl, :due, :awaitsJson, :signals, :labelsJson,",
                        ":deadline, :ttl, :due, :awaitsJson, :signals, coalesce('{}', :labelsJson),"),
                Mutant.core(
                        "MOVE-02",
                        "deletes: whether the run to create exists",
                        "spi/HeadRules.java",
                        "return head.isEmpty() || isAbandonedArrival(head.get(), create.run(), now)\n"
                                + "                    ? create(",
                        "return head.isEmpty() || isAbandonedArrival(head.get(), create.run(), now) || head.get().lease().isEmpty()\n"
                                + "                    ? create("),
                Mutant.core(
                        "MOVE-02",
                        "keeps what an import that was given up has left",
                        "memory/Transaction.java",
                        "found.filter(old -> !old.incarnation().equals(grant.head().incarnation()))",
                        "found.filter(old -> old.hasBegun() && !old.incarnation().equals(grant.head().incarnation()))"),
                Mutant.core(
                        "MOVE-02",
                        "deletes: the revision",
                        "spi/HeadRules.java",
                        ".filter(expected -> !expected.equals(revision))",
                        ".filter(expected -> expected.count() < 0)"),
                Mutant.sqlite(
                        "MOVE-02",
                        "what is written beside a run is read as the run",
                        "SqliteJournal.java",
                        "WHERE incarnation = :incarnation AND run_id = :run AND namespace = :namespace",
                        "WHERE (incarnation = :incarnation OR 1) AND run_id = :run AND namespace = :namespace"
                                + " ORDER BY number DESC LIMIT 1"),
                Mutant.core(
                        "MOVE-03",
                        "deletes: the live lease of somebody else",
                        "spi/HeadRules.java",
                        "condition.over() == Condition.Over.EXPIRED && head.isLeased(now)",
                        "condition.over() == null && head.isLeased(now)"),
                Mutant.core(
                        "MOVE-03",
                        "deletes: whether the run has ended",
                        "spi/HeadRules.java",
                        "if (!wanted && (head.status().isTerminal() || condition.grantKind() == EntryKind.REOPEN)) {",
                        "if (!wanted && condition.grantKind() == EntryKind.REOPEN) {"),
                Mutant.core(
                        "MOVE-04",
                        "deletes: the source's token in an arriving head",
                        "spi/HeadRules.java",
                        "if (head.sourceToken() == 0 && run.sourceToken() == 0) {",
                        "if (run.sourceToken() < Long.MAX_VALUE) {"),
                Mutant.core(
                        "MOVE-04",
                        "an arriving move gives way to the same grant again",
                        "spi/HeadRules.java",
                        "run.sourceToken() > head.sourceToken()",
                        "run.sourceToken() >= head.sourceToken()"),
                Mutant.sqlite(
                        "MOVE-04",
                        "forgets the source's token",
                        "SqliteHeads.java",
                        "row.getLong(\"source_token\"),",
                        "row.getLong(\"source_token\") * 0,"),
                Mutant.core(
                        "MOVE-05",
                        "deletes: the source's token in a new one",
                        "spi/HeadRules.java",
                        "Math.max(run.sourceToken(), old.map(Head::token).orElse(0L))",
                        "old.map(Head::token).orElse(0L)"),
                Mutant.store("MOVE-05", "writes a first grant of its own", store -> new Wrong(store) {
                    @Override
                    public dev.cairn.spi.Acquired acquire(dev.cairn.spi.Acquire request) {
                        if (!(request.target() instanceof dev.cairn.spi.Acquire.Create create)) {
                            return super.acquire(request);
                        }
                        dev.cairn.spi.NewRun run = create.run();
                        return super.acquire(new dev.cairn.spi.Acquire(
                                request.runId(),
                                request.leaseId(),
                                request.ttl(),
                                new dev.cairn.spi.Acquire.Create(new dev.cairn.spi.NewRun(
                                        run.workflow(),
                                        run.version(),
                                        run.incarnation(),
                                        run.labels(),
                                        run.arrival(),
                                        Requests.origin(),
                                        run.sourceToken())),
                                request.grant()));
                    }
                }));
    }

    /** Core's own move, which is the same on all stores. */
    private static List<Mutant> ofCore() {
        return List.of(
                Mutant.core(
                        "MOVE-01",
                        "a moved run forgets its progress",
                        "Arrival.java",
                        "String progress = run.head().progress();",
                        "String progress = \"\";"),
                Mutant.core(
                        "MOVE-01",
                        "a moved run leaves its signals behind",
                        "Arrival.java",
                        "for (Received message : run.inbox()) {",
                        "for (Received message : run.inbox().subList(0, 0)) {"),
                Mutant.core(
                        "MOVE-01",
                        "a moved run that slept is ready",
                        "Arrival.java",
                        "moved.status() == RunStatus.SUSPENDED",
                        "moved.status() == RunStatus.ARRIVING"),
                Mutant.core(
                        "MOVE-03",
                        "a mover takes a run that is held",
                        "Move.java",
                        "Condition.openOrEnded().build()",
                        "Condition.openOrEnded().over(Condition.Over.LIVE).build()"),
                Mutant.core(
                        "MOVE-03",
                        "deletes: whether the source let the run go",
                        "Departure.java",
                        "                return false;\n",
                        "                run.add(entry);\n                return true;\n"),
                Mutant.core(
                        "MOVE-04",
                        "the source says moved before the copy is whole",
                        "Move.java",
                        "arrival.copy(run, departure::keep);",
                        "departure.leaveFor(arrival.words(), run);\n            arrival.copy(run, departure::keep);"),
                Mutant.core(
                        "MOVE-04",
                        "the source is deleted before the target is released",
                        "Move.java",
                        "arrival.ifPresent(there -> release(departure, run, there));\n            departure.delete(run);",
                        "departure.delete(run);\n            arrival.ifPresent(there -> there.release(run));"),
                Mutant.core(
                        "MOVE-04",
                        "deletes: whether the run has left already",
                        "Move.java",
                        "run.mark().isPresent() ? Arrival.ofMoved(target, run) :",
                        ""),
                Mutant.core(
                        "MOVE-04",
                        "what arrives does not carry the source's token",
                        "Arrival.java",
                        "source.token());",
                        "0);"),
                Mutant.core(
                        "MOVE-04",
                        "a run that had ended does not say that it left",
                        "Departure.java",
                        "return settled(Settle.of(lease(), moved)) instanceof Settled.Done;",
                        "return true;"),
                Mutant.core(
                        "MOVE-05",
                        "tokens in the target begin at its clock",
                        "Arrival.java",
                        "source.token());",
                        "Math.min(1, source.token()));"),
                Mutant.core(
                        "MOVE-05",
                        "a moved run gets other idempotency keys",
                        "Exported.java",
                        "origin.scope(), origin.input()",
                        "head.incarnation() + origin.scope(), origin.input()"));
    }
}
