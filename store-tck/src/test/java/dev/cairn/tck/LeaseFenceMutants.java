// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores that are wrong about leases that are over, about what they hand over, and about repeats. */
final class LeaseFenceMutants {
    private static final String GRANT = "runs.journalOf(grant.head()).add(grant.entry());";

    private LeaseFenceMutants() {}

    static List<Mutant> all() {
        return Stream.of(superseded(), handedOver(), repeated())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> superseded() {
        Map<String, Granted> names = new HashMap<>();
        return List.of(
                Mutant.core(
                        "LEASE-05",
                        "a takeover writes no grant",
                        "memory/Transaction.java",
                        GRANT,
                        "if (grant.entry().place() == 0) { " + GRANT + " }"),
                Mutant.sqlite(
                        "LEASE-05",
                        "deletes: the lease of the place before",
                        "SqliteJournal.java",
                        "AND before.lease = ?3 AND before.token = ?4 AND before.kind <= 2",
                        "AND before.kind <= 2"),
                Mutant.core(
                        "LEASE-05",
                        "deletes: the lease under which a settle is",
                        "spi/HeadRules.java",
                        "found.isEmpty() || !found.get().isHeldBy(request.lease())",
                        "found.isEmpty() || found.get().lease().isEmpty()"),
                Mutant.core(
                        "LEASE-07",
                        "deletes: whether a lease stands that is given back",
                        "spi/HeadRules.java",
                        "found.isEmpty() || !found.get().isHeldBy(request.lease())",
                        "found.isEmpty() || (found.get().lease().isPresent()"
                                + " && !found.get().isHeldBy(request.lease()))"),
                Mutant.store("LEASE-07", "a settle under an expired lease leaves its entry", store -> new Wrong(store) {
                    @Override
                    public Settled settle(Settle request) {
                        if (request.entry().isPresent() && isExpired(right, request.lease())) {
                            append(List.of(request.entry().get()));
                            return new Settled.Lost(Optional.empty());
                        }
                        return super.settle(request);
                    }
                }),
                Mutant.store("LEASE-08", "the same worker's name is let in", store -> new Wrong(store) {
                    @Override
                    public Acquired acquire(Acquire request) {
                        Acquired answer = super.acquire(request);
                        return answer instanceof Refused refused && refused.reason() == Refused.Reason.HELD
                                ? super.acquire(LeaseMutants.supersede(request))
                                : answer;
                    }
                }),
                Mutant.store(
                        "LEASE-08",
                        "the same worker's name gets its lease back",
                        store -> new RemembersNames(store, names)),
                Mutant.core(
                        "LEASE-15",
                        "the last grant wins, not the highest token",
                        "spi/Fold.java",
                        "entry.lease().token() > highestToken &&",
                        ""),
                Mutant.core(
                        "LEASE-15",
                        "updates of the head are guarded by the lease id alone",
                        "spi/Head.java",
                        "                && token == other.token()\n",
                        ""),
                Mutant.core(
                        "LEASE-15",
                        "deletes: whether the id of a lease was used before",
                        "spi/HeadRules.java",
                        "if (held || journal.hasGrantOf(request.leaseId())) {",
                        "if (held) {"));
    }

    private static List<Mutant> handedOver() {
        return List.of(
                Mutant.store(
                        "LEASE-09", "an expired holder is told that its step is written", store -> new Wrong(store) {
                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                return isExpired(right, entries.get(0).lease())
                                        ? List.of(new Appended.Written())
                                        : super.append(entries);
                            }
                        }),
                Mutant.store("LEASE-09", "reads what it hands over before it writes the grant", ReadThenTake::new),
                Mutant.store("LEASE-13", "hands over all but what was committed last", store -> new Wrong(store) {
                    @Override
                    public Acquired acquire(Acquire request) {
                        Acquired answer = super.acquire(request);
                        return answer instanceof Granted granted ? without(granted, 1) : answer;
                    }
                }),
                Mutant.store("LEASE-13", "a batch is written whole or not at all", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        boolean all = entries.stream()
                                .allMatch(entry -> head(right, entry.lease().runId())
                                        .filter(head -> head.isHeldBy(entry.lease()))
                                        .isPresent());
                        return all
                                ? super.append(entries)
                                : entries.stream()
                                        .<Appended>map(entry -> new Appended.Fenced())
                                        .toList();
                    }
                }),
                Mutant.store("LEASE-16", "hands over the journal without its grant", store -> new Wrong(store) {
                    @Override
                    public Acquired acquire(Acquire request) {
                        Acquired answer = super.acquire(request);
                        return answer instanceof Granted granted ? without(granted, 0) : answer;
                    }
                }),
                Mutant.sqlite(
                        "LEASE-16",
                        "says that nothing follows the first page",
                        "SqliteJournal.java",
                        "return new Page(head, now, entries, List.of(), Optional.of(next));",
                        "return new Page(head, now, entries, List.of(), Optional.empty());"));
    }

    private static List<Mutant> repeated() {
        return List.of(
                Mutant.core(
                        "LEASE-14",
                        "the lease counts from the repeated request",
                        "memory/Transaction.java",
                        "return granted(found.orElseThrow());",
                        """
                        Head again = found.orElseThrow();
                        runs.put(again.edit().lease(again.lease().map(term ->
                            new dev.cairn.spi.LeaseTerm(term.id(), now.plus(term.ttl()), term.ttl()))).build());
                        return granted(runs.head(again.runId()).orElseThrow());
                        """),
                Mutant.core(
                        "LEASE-14",
                        "a claim that is repeated takes further runs",
                        "spi/Claim.java",
                        "return carrying.isEmpty() ? due : carrying;",
                        "return due.isEmpty() ? carrying : due;"),
                Mutant.sqlite(
                        "LEASE-14",
                        "deletes: the grants of a lease id that was used before",
                        "SqliteMarks.java",
                        "grants.add(mark.lease());",
                        ""),
                Mutant.sqlite(
                        "LEASE-14",
                        "deletes: what a claim took when it was sent before",
                        "SqliteRuns.java",
                        "if (!before.isEmpty()) {",
                        "if (before.size() == claim.limit() + 1) {"));
    }

    private static Optional<Head> head(StateStore store, String runId) {
        return LeaseMutants.page(store, runId).map(Page::head);
    }

    private static boolean isExpired(StateStore store, Lease lease) {
        return LeaseMutants.page(store, lease.runId())
                .filter(page -> page.head().isHeldBy(lease) && !page.head().isLeased(page.storeTime()))
                .isPresent();
    }

    /** Without the entry that is so many places before the last. */
    private static Granted without(Granted granted, int before) {
        List<Entry> entries = new ArrayList<>(granted.page().entries());
        int at = entries.size() - 1 - before;
        if (at > 0) {
            entries.remove(at);
        }
        return with(granted, entries);
    }

    static Granted with(Granted granted, List<Entry> entries) {
        Page page = granted.page();
        return new Granted(
                granted.lease(),
                granted.timeLeft(),
                new Page(page.head(), page.storeTime(), entries, page.messages(), page.next()));
    }

    static final class ReadThenTake extends Wrong {
        ReadThenTake(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            List<Entry> before =
                    LeaseMutants.page(right, request.runId()).map(Page::entries).orElse(List.of());
            pause();
            if (super.acquire(request) instanceof Granted granted) {
                List<Entry> handed = new ArrayList<>(before);
                List<Entry> all = granted.page().entries();
                handed.add(all.get(all.size() - 1).at(before.size()));
                return with(granted, handed);
            }
            return super.acquire(request);
        }
    }

    private static final class RemembersNames extends Wrong {
        private final Map<String, Granted> given;

        RemembersNames(StateStore right, Map<String, Granted> given) {
            super(right);
            this.given = given;
        }

        @Override
        public Acquired acquire(Acquire request) {
            boolean over = request.target() instanceof Acquire.Take take
                    && take.condition().over() == Condition.Over.LIVE;
            String name = namespace() + request.runId() + request.grant().asUtf8();
            if (over && given.containsKey(name)) {
                return given.get(name);
            }
            Acquired answer = super.acquire(request);
            if (answer instanceof Granted granted) {
                given.put(name, granted);
            }
            return answer;
        }
    }
}
