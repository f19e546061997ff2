// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stores behind a socket that are wrong between two requests: while one of them is held, somebody else does something. */
final class RaceMutants {
    private RaceMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(leases());
        all.addAll(journals());
        all.addAll(inboxes());
        all.addAll(removals());
        return all;
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
                        LeaseFenceMutants.ReadThenTake::new),
                Mutant.served(
                        "LEASE-16",
                        "reads what it hands over before it writes the grant",
                        LeaseFenceMutants.ReadThenTake::new),
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
            return LeaseFenceMutants.with(granted, handed);
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
        public Acquired acquire(Acquire request) {
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
