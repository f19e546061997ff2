// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores that are wrong in what many clients see of one another. */
final class HistoryMutants {
    private HistoryMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(recorded());
        all.addAll(expired());
        all.addAll(unknown());
        return all;
    }

    private static List<Mutant> recorded() {
        return List.of(
                Mutant.store("ORD-01", "reads a run from its own memory every other time", RemembersReads::new),
                Mutant.store("CONC-01", "reads a run from its own memory every other time", RemembersReads::new),
                Mutant.store("CONC-01", "looks whether a lease ran out, then takes the run", TakesExpired::new),
                Mutant.store("CONC-01", "says of a step that met another that it is written", LooksFirst.Appends::new),
                Mutant.store(
                        "CONC-01", "says of a settle whose lease is lost that it is done", store -> new Wrong(store) {
                            @Override
                            public Settled settle(Settle request) {
                                Settled answer = super.settle(request);
                                Optional<Head> there =
                                        answer instanceof Settled.Lost lost ? lost.head() : Optional.empty();
                                return there.<Settled>map(Settled.Done::new).orElse(answer);
                            }
                        }),
                Mutant.store(
                        "CONC-01", "takes a run whatever its revision is by then", LooksFirst.TakesAtRevision::new),
                Mutant.store("CONC-01", "shows a deleted run as it was", store -> new Wrong(store) {
                    private final Map<String, Page> read = new ConcurrentHashMap<>();

                    @Override
                    public Optional<Page> read(Read request) {
                        Optional<Page> found = super.read(request);
                        found.ifPresent(page -> read.put(request.runId(), page));
                        return found.or(() -> Optional.ofNullable(read.get(request.runId())));
                    }
                }),
                Mutant.core(
                        "CONC-01",
                        "a suspension does not look at the signals that came",
                        "spi/HeadRules.java",
                        "&& head.signals() > change.signalsSeen();",
                        "&& head.signals() < change.signalsSeen();"),
                Mutant.store(
                        "VER-05", "says of a restore that met a commit that it is done", store -> new Wrong(store) {
                            private final AtomicInteger restores = new AtomicInteger();

                            @Override
                            public Settled settle(Settle request) {
                                HeadChange change = request.change();
                                boolean drops = change.switchTo().isPresent() && restores.incrementAndGet() > 2;
                                return drops
                                        ? super.settle(Settle.of(
                                                request.lease(),
                                                HeadChange.freed().build()))
                                        : super.settle(request);
                            }
                        }));
    }

    private static List<Mutant> expired() {
        return List.of(Mutant.store("CONC-01", "hands a message out twice", store -> new Wrong(store) {
            @Override
            public List<dev.cairn.spi.Granted> claim(dev.cairn.spi.Claim request) {
                return super.claim(request).stream()
                        .map(granted ->
                                new dev.cairn.spi.Granted(granted.lease(), granted.timeLeft(), twice(granted.page())))
                        .toList();
            }
        }));
    }

    private static List<Mutant> unknown() {
        return List.of(
                Mutant.served("CONC-02", "writes what it does not know again, behind it", AppendsBehind::new),
                Mutant.served("CONC-02", "says of what it does not know that it is written", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        try {
                            return super.append(entries);
                        } catch (OutcomeUnknownException lost) {
                            if (entries.get(0).lease().runId().equals("meta")) {
                                throw lost; // else the kit's controls find it before the clause does
                            }
                            return List.of(new Appended.Written());
                        }
                    }
                }),
                Mutant.served(
                        "CONC-02",
                        "says of a signal that it does not know that it is stored",
                        store -> new Wrong(store) {
                            @Override
                            public Signalled signal(String runId, Message message) {
                                try {
                                    return super.signal(runId, message);
                                } catch (OutcomeUnknownException lost) {
                                    if (runId.equals("meta")) {
                                        throw lost;
                                    }
                                    return Signalled.STORED;
                                }
                            }
                        }));
    }

    private static Page twice(Page page) {
        List<Received> messages = new ArrayList<>(page.messages());
        page.messages().stream().limit(1).forEach(messages::add);
        return new Page(page.head(), page.storeTime(), page.entries(), messages, page.next());
    }

    /** Answers every other read of a run with what it read of it before. */
    private static final class RemembersReads extends Wrong {
        private final Map<String, Page> remembered = new HashMap<>();

        RemembersReads(StateStore right) {
            super(right);
        }

        @Override
        public synchronized Optional<Page> read(Read request) {
            Page before = remembered.remove(request.runId());
            if (before != null && request.from() instanceof Cursor.Start) {
                return Optional.of(before);
            }
            Optional<Page> found = super.read(request);
            found.ifPresent(page -> remembered.put(request.runId(), page));
            return found;
        }
    }

    /** Two who both see that a lease ran out are both granted the run. */
    private static final class TakesExpired extends Wrong {
        TakesExpired(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            boolean expired = right.read(new Read(request.runId(), new Cursor.Start(), 1))
                    .filter(page ->
                            page.head().lease().isPresent() && !page.head().isLeased(page.storeTime()))
                    .isPresent();
            if (!expired || !(request.target() instanceof Acquire.Take)) {
                return super.acquire(request);
            }
            pause();
            Acquired answer = super.acquire(request);
            Condition any = Condition.open().over(Condition.Over.LIVE).build();
            return answer instanceof Refused refused && refused.reason() == Refused.Reason.HELD
                    ? super.acquire(new Acquire(
                            request.runId(), request.leaseId(), request.ttl(), new Acquire.Take(any), request.grant()))
                    : answer;
        }
    }

    /** What is sent again after its reply was lost stands there twice. */
    private static final class AppendsBehind extends Wrong {
        AppendsBehind(StateStore right) {
            super(right);
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            try {
                return super.append(entries);
            } catch (OutcomeUnknownException lost) {
                Entry entry = entries.get(0);
                if (entries.size() > 1 || entry.kind() != EntryKind.PLAIN) {
                    throw lost;
                }
                long place = entry.place() + 1;
                return super.append(List.of(Entry.of(
                        entry.lease(),
                        place,
                        entry.kind(),
                        CommitId.of(entry.lease().id(), 1_000 + place),
                        entry.body())));
            }
        }
    }
}
