// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import java.util.List;
import java.util.Optional;

/** Stores that look before they wait for a lock, or let others wait with them: nothing but a held lock shows it. */
final class LockMutants {
    private LockMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.locked(
                        "SIG-02",
                        "counts the signals before it waits for the head that it suspends",
                        (store, locks, env) -> new LockedStore(store, locks, env) {
                            @Override
                            public Settled settle(Settle request) {
                                HeadChange change = request.change();
                                boolean isToSleep = change.signals() == HeadChange.Signals.WAKE_IF_MORE
                                        && signals(request.lease().runId()) == change.signalsSeen();
                                return super.settle(isToSleep ? asleep(request, change) : request);
                            }

                            /** Whatever comes until it has the head. */
                            private static Settle asleep(Settle request, HeadChange change) {
                                return Settle.of(
                                        request.entry().orElseThrow(),
                                        HeadChange.suspended(
                                                        change.awaits(), change.due(), change.signalsSeen() + 1_000)
                                                .build());
                            }

                            private long signals(String runId) {
                                return right.read(new Read(runId, new Cursor.Start(), 1))
                                        .map(Page::head)
                                        .map(head -> head.signals())
                                        .orElse(0L);
                            }
                        }),
                Mutant.locked(
                        "BATCH-01",
                        "a list fails as a whole where one is stuck",
                        (store, locks, env) -> new LockedStore(store, locks, env) {
                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                List<Appended> answers = super.append(entries);
                                Optional<Appended> stuck = answers.stream()
                                        .filter(Appended.Failed.class::isInstance)
                                        .findFirst();
                                return stuck.map(one -> entries.stream()
                                                .map(entry -> one)
                                                .toList())
                                        .orElse(answers);
                            }
                        }),
                Mutant.locked(
                        "SIG-07",
                        "looks whether a run is there before it waits for its head",
                        (store, locks, env) -> new LockedStore(store, locks, env) {
                            @Override
                            public Signalled signal(String runId, dev.cairn.spi.Message message) {
                                boolean there = right.read(new Read(runId, new Cursor.Start(), 1))
                                        .isPresent();
                                Signalled answer = super.signal(runId, message);
                                return there && answer == Signalled.ABSENT ? Signalled.STORED : answer;
                            }
                        }));
    }
}
