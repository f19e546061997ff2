// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Stores behind a socket that are wrong when a request is cut, or that ask too much. */
final class WireMutants {
    private WireMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(cut());
        all.addAll(repeated());
        all.addAll(asked());
        all.addAll(RaceMutants.all());
        all.addAll(CutMutants.all());
        all.addAll(CostMutants.all());
        return all;
    }

    private static List<Mutant> cut() {
        return List.of(
                Mutant.served("CRASH-01", "says that a step is written before it is sent", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        try {
                            return super.append(entries);
                        } catch (OutcomeUnknownException lost) {
                            if (entries.get(0).place() < 2) {
                                throw lost; // else the kit's controls find it before the clause does
                            }
                            return entries.stream()
                                    .<Appended>map(entry -> new Appended.Written())
                                    .toList();
                        }
                    }
                }),
                Mutant.served("CRASH-01", "throws what its socket throws", store -> new Wrong(store) {
                    @Override
                    public Settled settle(Settle request) {
                        try {
                            return super.settle(request);
                        } catch (OutcomeUnknownException lost) {
                            throw new UncheckedIOException((IOException) lost.getCause());
                        }
                    }
                }),
                Mutant.served("CRASH-01", "puts a signal into the inbox in two requests", SignalsInTwo::new),
                Mutant.served("CRASH-02", "says of a lost reply that nothing was done", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        try {
                            return super.append(entries);
                        } catch (OutcomeUnknownException lost) {
                            throw new StoreUnavailableException("nothing was done", lost);
                        }
                    }
                }),
                Mutant.served("CRASH-03", "writes what it does not know again, behind it", AppendsAgain::new));
    }

    private static List<Mutant> repeated() {
        return List.of(
                Mutant.served("STEP-02", "writes what it does not know again, behind it", AppendsAgain::new),
                Mutant.served("BATCH-03", "writes what it does not know again, behind it", AppendsAgain::new),
                Mutant.served("HB-04", "says of a lost reply that the lease is lost", store -> new Wrong(store) {
                    @Override
                    public List<Renewed> renew(List<Renewal> leases) {
                        return isOfControls(leases.get(0).lease().runId())
                                ? super.renew(leases)
                                : orIfLost(() -> super.renew(leases), List.of(new Renewed.Lost()));
                    }
                }),
                Mutant.served("CLAIM-07", "says of a lost reply that nothing is due", store -> new Wrong(store) {
                    @Override
                    public List<Granted> claim(Claim request) {
                        return isOfControls(request.workflows().get(0).workflow())
                                ? super.claim(request)
                                : orIfLost(() -> super.claim(request), List.of());
                    }
                }),
                Mutant.served("DEL-02", "throws what its socket throws when it erases", store -> new Wrong(store) {
                    @Override
                    public List<Erased> erase(List<Erase> erases) {
                        try {
                            return super.erase(erases);
                        } catch (OutcomeUnknownException lost) {
                            throw new UncheckedIOException((IOException) lost.getCause());
                        }
                    }
                }),
                Mutant.served("DEL-05", "says of a lost reply that it has erased", ErasesBlindly::new),
                Mutant.served("CANCEL-02", "changes the head, then writes the entry", LooksFirst.SettlesHeadFirst::new),
                Mutant.served("SNAP-02", "says of a lost reply that somebody else has the run", SettlesLost::new));
    }

    static final class SettlesLost extends Wrong {
        SettlesLost(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            return isOfControls(request.lease().runId())
                    ? super.settle(request)
                    : orIfLost(() -> super.settle(request), new Settled.Lost(Optional.empty()));
        }
    }

    /** The kit's controls would find it before the clause does. */
    static boolean isOfControls(String name) {
        return name.equals("meta") || name.equals(Requests.WORKFLOW);
    }

    private static <T> T orIfLost(Supplier<T> call, T otherwise) {
        try {
            return call.get();
        } catch (OutcomeUnknownException lost) {
            return otherwise;
        }
    }

    private static final class ErasesBlindly extends Wrong {
        ErasesBlindly(StateStore right) {
            super(right);
        }

        @Override
        public List<Erased> erase(List<Erase> erases) {
            try {
                return super.erase(erases);
            } catch (OutcomeUnknownException lost) {
                if (isOfControls(erases.get(0).runId())) {
                    throw lost;
                }
                return erases.stream().map(erase -> Erased.ERASED).toList();
            }
        }
    }

    private static List<Mutant> asked() {
        return List.of(
                Mutant.served("KEY-05", "asks the server before it looks at a key", AsksFirst::new),
                Mutant.served("BAD-01", "asks the server before it looks at what it is given", AsksFirst::new),
                Mutant.served("BIG-02", "asks the server before it looks how large a signal is", AsksFirst::new),
                Mutant.served("PERF-01", "reads the run before each step", LooksFirst.Appends::new),
                Mutant.served("LEAK-01", "leaves its connections open", store -> new Wrong(store) {
                    @Override
                    public void close() {
                        // Nothing is closed.
                    }
                }),
                Mutant.served("CRASH-07", "never asks again once nobody answered", GivesUp::new),
                Mutant.served(
                        "LIFE-03", "a call that meets the close fails with an error of its own", FailsClosing::new),
                Mutant.served("CONC-05", "who is interrupted gets an error of its own", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = super.append(entries);
                        if (Thread.interrupted()) {
                            throw new IllegalStateException("interrupted");
                        }
                        return answers;
                    }
                }));
    }

    private static final class AsksFirst extends Wrong {
        AsksFirst(StateStore right) {
            super(right);
        }

        @Override
        public Signalled signal(String runId, Message message) {
            right.list(RunQuery.all().limit(1).build());
            return super.signal(runId, message);
        }
    }

    private static final class GivesUp extends Wrong {
        private final AtomicBoolean given = new AtomicBoolean();

        GivesUp(StateStore right) {
            super(right);
        }

        @Override
        public Optional<Page> read(Read request) {
            if (given.get()) {
                throw new StoreUnavailableException("nobody answered before");
            }
            try {
                return super.read(request);
            } catch (StoreUnavailableException lost) {
                given.set(true);
                throw lost;
            }
        }
    }

    private static final class FailsClosing extends Wrong {
        private final AtomicBoolean closed = new AtomicBoolean();

        FailsClosing(StateStore right) {
            super(right);
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            List<Appended> answers = super.append(entries);
            if (closed.get()) {
                throw new IllegalStateException("closed");
            }
            return answers;
        }

        @Override
        public void close() {
            closed.set(true);
            super.close();
        }
    }

    /** Puts a signal into the inbox in two parts, one request each. */
    private static final class SignalsInTwo extends Wrong {
        SignalsInTwo(StateStore right) {
            super(right);
        }

        @Override
        public Signalled signal(String runId, Message message) {
            super.signal(runId, new Message("part of " + message.id(), message.name(), message.payload()));
            return super.signal(runId, message);
        }
    }

    static final class AppendsAgain extends Wrong {
        AppendsAgain(StateStore right) {
            super(right);
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            try {
                return super.append(entries);
            } catch (OutcomeUnknownException lost) {
                return entries.stream().map(this::again).toList();
            }
        }

        private Appended again(Entry entry) {
            long place = right.read(new Read(entry.lease().runId(), new Cursor.Start(), 4 << 20))
                    .map(Page::entries)
                    .orElse(List.of())
                    .size();
            Entry anew =
                    Entry.of(entry.lease(), place, entry.kind(), CommitId.of(LeaseId.random(), place), entry.body());
            return super.append(List.of(anew)).get(0);
        }
    }
}
