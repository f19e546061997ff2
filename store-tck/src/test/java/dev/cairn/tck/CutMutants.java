// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stores behind a socket that are right as long as every request of a step, a restore, a timer or a move arrives. */
final class CutMutants {
    private CutMutants() {}

    static List<Mutant> all() {
        Set<String> emptied = ConcurrentHashMap.newKeySet();
        Set<Incarnation> begun = ConcurrentHashMap.newKeySet();
        return List.of(
                Mutant.served(
                        "STEP-10", "writes what it does not know again, behind it", WireMutants.AppendsAgain::new),
                Mutant.served(
                        "SNAP-05",
                        "sweeps only what a restore wrote into",
                        store -> new SweepsWhatWasBegun(store, begun)),
                Mutant.served("SNAP-05", "looks whether nobody has the run, then sweeps it", LooksThenSweeps::new),
                Mutant.served("VER-05", "says of a lost reply that nothing was done", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        try {
                            return super.append(entries);
                        } catch (OutcomeUnknownException lost) {
                            throw new StoreUnavailableException("nothing was done", lost);
                        }
                    }
                }),
                Mutant.served(
                        "SIG-03",
                        "takes out of the inbox what it hands over, though nobody hears of it",
                        store -> new EmptiesInbox(store, emptied)),
                Mutant.served("SIG-06", "writes that it waits, then sets the timer", SuspendsInTwo::new),
                Mutant.served("BAD-02", "forgets why it does not know", store -> new Wrong(store) {
                    @Override
                    public Settled settle(Settle request) {
                        try {
                            return super.settle(request);
                        } catch (OutcomeUnknownException lost) {
                            throw new OutcomeUnknownException("no answer came");
                        }
                    }
                }),
                Mutant.served("BAD-02", "throws what its socket throws when it reads", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        try {
                            return super.read(request);
                        } catch (StoreUnavailableException lost) {
                            if (WireMutants.isOfControls(request.runId())) {
                                throw lost;
                            }
                            throw new UncheckedIOException((IOException) lost.getCause());
                        }
                    }
                }),
                Mutant.served(
                        "MOVE-02", "says of a lost reply that somebody else has the run", WireMutants.SettlesLost::new),
                Mutant.served("MOVE-04", "says that a settle is done that may not have arrived", SettlesBlindly::new));
    }

    private static Optional<Page> page(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 4 << 20));
    }

    /** What a restore named, and died before it wrote into it, stays. */
    private static final class SweepsWhatWasBegun extends Wrong {
        private final Set<Incarnation> begun;

        SweepsWhatWasBegun(StateStore right, Set<Incarnation> begun) {
            super(right);
            this.begun = begun;
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            begun.add(entries.get(0).lease().incarnation());
            return super.append(entries);
        }

        @Override
        public List<Erased> erase(List<Erase> erases) {
            return erases.stream().map(this::erased).toList();
        }

        private Erased erased(Erase erase) {
            boolean isEmpty = erase instanceof Erase.Fences
                    && page(right, erase.runId())
                            .map(Page::head)
                            .map(Head::beside)
                            .filter(beside -> beside.keySet().stream().anyMatch(one -> !begun.contains(one)))
                            .isPresent();
            return isEmpty ? Erased.KEPT : super.erase(List.of(erase)).get(0);
        }
    }

    private static final class LooksThenSweeps extends Wrong {
        LooksThenSweeps(StateStore right) {
            super(right);
        }

        @Override
        public List<Erased> erase(List<Erase> erases) {
            Erase first = erases.get(0);
            boolean isFree = first instanceof Erase.Fences
                    && page(right, first.runId())
                            .filter(page -> page.head().lease().isEmpty())
                            .isPresent();
            List<Erased> answers = super.erase(erases);
            Condition any = Condition.openOrEnded().over(Condition.Over.LIVE).build();
            if (isFree
                    && answers.get(0) == Erased.KEPT
                    && super.acquire(Requests.acquire(first.runId(), new Acquire.Take(any)))
                            instanceof Granted granted) {
                super.settle(Settle.of(granted.lease(), HeadChange.freed().build()));
            }
            return answers;
        }
    }

    private static final class EmptiesInbox extends Wrong {
        private final Set<String> emptied;

        EmptiesInbox(StateStore right, Set<String> emptied) {
            super(right);
            this.emptied = emptied;
        }

        @Override
        public Acquired acquire(Acquire request) {
            try {
                return super.acquire(request);
            } catch (OutcomeUnknownException lost) {
                emptied.add(request.runId());
                throw lost;
            }
        }

        @Override
        public Optional<Page> read(Read request) {
            return super.read(request)
                    .map(page -> emptied.contains(request.runId())
                            ? new Page(page.head(), page.storeTime(), page.entries(), List.of(), page.next())
                            : page);
        }
    }

    private static final class SuspendsInTwo extends Wrong {
        SuspendsInTwo(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            if (request.entry().isEmpty()
                    || !(super.append(List.of(request.entry().get())).get(0) instanceof Appended.Written)) {
                return super.settle(request);
            }
            return super.settle(Settle.of(request.lease(), request.change()));
        }
    }

    private static final class SettlesBlindly extends Wrong {
        SettlesBlindly(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            try {
                return super.settle(request);
            } catch (OutcomeUnknownException lost) {
                if (WireMutants.isOfControls(request.lease().runId())) {
                    throw lost;
                }
                return new Settled.Done(page(right, request.lease().runId())
                        .orElseThrow(() -> lost)
                        .head());
            }
        }
    }
}
