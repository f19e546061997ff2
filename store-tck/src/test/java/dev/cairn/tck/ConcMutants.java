// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Signalled;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Mutants of CONC. */
final class ConcMutants {
    private ConcMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store("CONC-03", "loses a signal that has a certain name and id", store -> new Wrong(store) {
                    @Override
                    public Signalled signal(String runId, Message message) {
                        return message.name().equals("z") && message.id().equals("m3")
                                ? Signalled.STORED
                                : super.signal(runId, message);
                    }
                }),
                Mutant.sqlite(
                        "CONC-03",
                        "a signal that is repeated wakes nobody",
                        "SqliteRuns.java",
                        "heads.update(session, HeadRules.signalled(head, message.name(), isNew, now));",
                        "if (isNew) heads.update(session, HeadRules.signalled(head, message.name(), isNew, now));"),
                Mutant.sqlite(
                        "CONC-03",
                        "leaves the labels as they were",
                        "SqliteHeads.java",
                        "labels = :labelsJson, progress = :progress, reason = :reason",
                        "progress = :progress, reason = coalesce(:reason, :labelsJson)"),
                Mutant.store("CONC-04", "keeps what it was asked for in a field", store -> new Wrong(store) {
                    private volatile Read asked;

                    @Override
                    public Optional<Page> read(Read request) {
                        asked = request;
                        LockSupport.parkNanos(1_000_000);
                        return super.read(asked);
                    }
                }),
                Mutant.store("CONC-05", "an interrupted caller gets an error of its own", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw new IllegalStateException("interrupted");
                        }
                        return super.append(entries);
                    }
                }),
                Mutant.sqlite(
                        "CONC-05",
                        "an interrupted writer gets an error of its own",
                        "SqliteTurn.java",
                        "throw interrupted(e);",
                        "throw new IllegalStateException(e);"),
                Mutant.store(
                        "CONC-05", "changes the head without its entry when interrupted", store -> new Wrong(store) {
                            @Override
                            public dev.cairn.spi.Settled settle(dev.cairn.spi.Settle request) {
                                if (Thread.currentThread().isInterrupted()
                                        && request.entry().isPresent()) {
                                    super.settle(dev.cairn.spi.Settle.of(request.lease(), request.change()));
                                    throw new StoreUnavailableException("interrupted");
                                }
                                return super.settle(request);
                            }
                        }));
    }
}
