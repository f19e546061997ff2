// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Stores behind a socket that are wrong between two requests, or when one of them is cut. */
final class WireMutants {
    private WireMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(cut());
        all.addAll(repeated());
        all.addAll(asked());
        all.addAll(leases());
        all.addAll(journals());
        all.addAll(inboxes());
        all.addAll(removals());
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

    private static final class SettlesLost extends Wrong {
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
    private static boolean isOfControls(String name) {
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

    private static List<Mutant> leases() {
        return List.of(
                Mutant.served(
                        "LEASE-01",
                        "looks whether the run is free, then takes it",
                        store -> new LeaseMutants.LookThenTake(
                                store, (head, page) -> head.lease().isEmpty())),
                Mutant.served(
                        "LEASE-02",
                        "takes free runs atomically, and reads, then updates, for expired leases",
                        store -> new LeaseMutants.LookThenTake(
                                store, (head, page) -> head.lease().isPresent() && !head.isLeased(page.storeTime()))),
                Mutant.served("LEASE-06", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served("LEASE-06", "takes a run anew in order to settle it", SettlesAnew::new),
                Mutant.served("LEASE-09", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served(
                        "LEASE-15",
                        "reads what it hands over before it writes the grant",
                        LeaseMutants.ReadThenTake::new),
                Mutant.served(
                        "LEASE-16",
                        "reads what it hands over before it writes the grant",
                        LeaseMutants.ReadThenTake::new),
                Mutant.served("LEASE-14", "takes a copy of a request for another one", TakesCopies::new),
                Mutant.served(
                        "VER-01", "looks whether the run is there, then creates it", VerMutants.LookThenCreate::new),
                Mutant.served("CLAIM-02", "looks for due runs, then takes them", ClaimMutants.LookThenClaim::new),
                Mutant.served("CLAIM-04", "reads what it hands over before it claims", ReadsThenClaims::new));
    }

    private static List<Mutant> journals() {
        return List.of(
                Mutant.served("STEP-04", "changes the head, then writes the entry", LooksFirst.SettlesHeadFirst::new),
                Mutant.served("STEP-07", "looks whether the place is free, then writes", LooksFirst.Appends::new),
                Mutant.served("STEP-08", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served("ERR-04", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served("VER-03", "compares the revision, then takes the run", LooksFirst.TakesAtRevision::new),
                Mutant.served("VER-06", "sends a create that was refused with new ids", LooksFirst.CreatesAgain::new),
                Mutant.served("SNAP-01", "reads a run in two halves", LooksFirst.ReadsHalves::new),
                Mutant.served("PAGE-01", "goes on reading whatever is the run by then", LooksFirst.ReadsOn::new),
                Mutant.served(
                        "CANCEL-01",
                        "looks whether the lease stands, then says that the run has ended",
                        EndsBlindly::new));
    }

    private static List<Mutant> inboxes() {
        return List.of(
                Mutant.served("SIG-02", "looks into the inbox, then suspends", SigMutants.LookThenSuspend::new),
                Mutant.served(
                        "SIG-05", "looks whether the run has ended, then stores the signal", LooksFirst.Signals::new),
                Mutant.served("SIG-07", "looks for signals, then deletes the run", LooksFirst.RemovesUnseen::new));
    }

    private static List<Mutant> removals() {
        return List.of(
                Mutant.served("DEL-04", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served("DEL-06", "looks whether the lease stands, then writes", LooksFirst.Appends::new),
                Mutant.served("RET-05", "looks whether the run has ended, then purges it", LooksFirst.Purges::new),
                Mutant.served("CACHE-02", "looks whether the key is there, then writes", LooksFirst.Caches::new));
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

    private static final class ReadsThenClaims extends Wrong {
        ReadsThenClaims(StateStore right) {
            super(right);
        }

        @Override
        public List<Granted> claim(Claim request) {
            Map<String, List<Entry>> before = new HashMap<>();
            String workflow = request.workflows().get(0).workflow();
            for (Head head :
                    right.list(RunQuery.all().workflow(workflow).build()).runs()) {
                right.read(new Read(head.runId(), new Cursor.Start(), 4 << 20))
                        .ifPresent(page -> before.put(head.runId(), page.entries()));
            }
            return super.claim(request).stream()
                    .map(granted ->
                            handing(granted, before.getOrDefault(granted.lease().runId(), List.of())))
                    .toList();
        }

        private static Granted handing(Granted granted, List<Entry> before) {
            List<Entry> all = granted.page().entries();
            List<Entry> handed = new ArrayList<>(before);
            handed.add(all.get(all.size() - 1).at(before.size()));
            return LeaseMutants.with(granted, handed);
        }
    }

    private static final class AppendsAgain extends Wrong {
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

    /** A settle under a lease that somebody else has is done under a new one. */
    private static final class SettlesAnew extends Wrong {
        SettlesAnew(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            String runId = request.lease().runId();
            boolean mine = right.read(new Read(runId, new Cursor.Start(), 1))
                    .filter(page -> page.head().isHeldBy(request.lease()))
                    .isPresent();
            Settled answer = super.settle(request);
            Condition live = Condition.open().over(Condition.Over.LIVE).build();
            if (!mine || answer instanceof Settled.Done || request.entry().isPresent()) {
                return answer;
            }
            return super.acquire(Requests.acquire(runId, new Acquire.Take(live))) instanceof Granted granted
                    ? super.settle(Settle.of(granted.lease(), request.change()))
                    : answer;
        }
    }

    /** A run that is held by the lease that is asked for is taken once more, by another. */
    private static final class TakesCopies extends Wrong {
        TakesCopies(StateStore right) {
            super(right);
        }

        @Override
        public dev.cairn.spi.Acquired acquire(Acquire request) {
            boolean wasFree = right.read(new Read(request.runId(), new Cursor.Start(), 1))
                    .filter(page -> page.head().lease().isEmpty())
                    .isPresent();
            boolean isHeld = right.read(new Read(request.runId(), new Cursor.Start(), 1))
                    .filter(page -> page.head().lease().isPresent())
                    .isPresent();
            Condition live = Condition.open().over(Condition.Over.LIVE).build();
            return wasFree && isHeld
                    ? super.acquire(Requests.acquire(request.runId(), new Acquire.Take(live)))
                    : super.acquire(request);
        }
    }

    /** Looks whether the lease stands, and from then on says that the settle is done. */
    private static final class EndsBlindly extends Wrong {
        EndsBlindly(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            boolean mine = right.read(new Read(request.lease().runId(), new Cursor.Start(), 1))
                    .filter(page -> page.head().isHeldBy(request.lease()))
                    .isPresent();
            Settled answer = super.settle(request);
            if (!mine || answer instanceof Settled.Done) {
                return answer;
            }
            return new Settled.Done(right.read(new Read(request.lease().runId(), new Cursor.Start(), 1))
                    .orElseThrow()
                    .head());
        }
    }
}
