// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** Stores that are wrong about leases. */
final class LeaseMutants {
    private static final String GRANT = "runs.journalOf(grant.head()).add(grant.entry());";
    private static final String HELD = "condition.over() == Condition.Over.EXPIRED && head.isLeased(now);";
    private static final String TOKEN_ABOVE = ".token(head.token() + 1)";

    private LeaseMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(whoWins());
        all.addAll(tokensAndTimes());
        all.addAll(superseded());
        all.addAll(handedOver());
        all.addAll(repeated());
        return all;
    }

    private static List<Mutant> whoWins() {
        return List.of(
                Mutant.store(
                        "LEASE-01",
                        "looks whether the run is free, then takes it",
                        store -> new LookThenTake(
                                store, (head, page) -> head.lease().isEmpty())),
                Mutant.core(
                        "LEASE-01",
                        "deletes: the lease that stands",
                        "spi/HeadRules.java",
                        "if (held || journal.hasGrantOf(request.leaseId())) {",
                        "if (journal.hasGrantOf(request.leaseId())) {"),
                Mutant.store(
                        "LEASE-02",
                        "takes free runs atomically, and reads, then updates, for expired leases",
                        store -> new LookThenTake(
                                store, (head, page) -> head.lease().isPresent() && !head.isLeased(page.storeTime()))),
                Mutant.core(
                        "LEASE-04",
                        "deletes: the deadline of the lease that stands",
                        "spi/HeadRules.java",
                        HELD,
                        "condition.over() == Condition.Over.EXPIRED && head.isLeased(now.plusSeconds(3600));"),
                Mutant.core(
                        "LEASE-04",
                        "a lease stands for a millisecond longer than it lasts",
                        "spi/LeaseTerm.java",
                        "!now.isBefore(deadline) ||",
                        "now.isAfter(deadline) ||"),
                Mutant.core(
                        "LEASE-04",
                        "a lease that ran out is kept for its holder",
                        "spi/HeadRules.java",
                        HELD,
                        "condition.over() == Condition.Over.EXPIRED && head.lease().isPresent();"));
    }

    private static List<Mutant> tokensAndTimes() {
        return List.of(
                Mutant.core(
                        "LEASE-03",
                        "a takeover keeps the token",
                        "spi/HeadRules.java",
                        TOKEN_ABOVE,
                        ".token(head.token())"),
                Mutant.core(
                        "LEASE-03",
                        "tokens of a run that is created anew begin at the clock",
                        "spi/HeadRules.java",
                        "Math.max(now.toEpochMilli(), known + 1)",
                        "Math.max(now.toEpochMilli(), 1)"),
                Mutant.sqlite(
                        "LEASE-03",
                        "the token of a takeover is not stored",
                        "SqliteHeads.java",
                        "UPDATE cairn_head SET version = :version, status = :status, incarnation = :incarnation.id, token ="
                                + " :token,",
                        "UPDATE cairn_head SET version = :version, status = :status, incarnation = :incarnation.id,"),
                Mutant.core(
                        "LEASE-11",
                        "the deadline is computed from the client's clock",
                        "spi/HeadRules.java",
                        TOKEN_ABOVE
                                + "\n                .lease(Optional.of(new LeaseTerm(request.leaseId(),"
                                + " now.plus(request.ttl()), request.ttl())));",
                        TOKEN_ABOVE
                                + ".lease(Optional.of(new LeaseTerm(request.leaseId(),"
                                + " Instant.ofEpochMilli(System.currentTimeMillis()).plus(request.ttl()), request.ttl())));"),
                Mutant.sqlite(
                        "LEASE-11",
                        "the clock that renews is an hour fast",
                        "SqliteStateStore.java",
                        "runs.renew(session, renewal, now)",
                        "runs.renew(session, renewal, now.plusSeconds(3600))"),
                Mutant.store("LEASE-12", "a lease is known to the instance that gave it", KnowsItsOwn::new),
                Mutant.store("LEASE-12", "leases are locks by a hash of the run id", ByHash::new));
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
                                ? super.acquire(supersede(request))
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

    private static Optional<Page> page(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 4 << 20));
    }

    private static Optional<Head> head(StateStore store, String runId) {
        return page(store, runId).map(Page::head);
    }

    private static boolean isExpired(StateStore store, Lease lease) {
        return page(store, lease.runId())
                .filter(page -> page.head().isHeldBy(lease) && !page.head().isLeased(page.storeTime()))
                .isPresent();
    }

    /** The same request, over a live lease too. */
    private static Acquire supersede(Acquire request) {
        Acquire.Take take =
                new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build());
        return new Acquire(request.runId(), request.leaseId(), request.ttl(), take, request.grant());
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

    static final class LookThenTake extends Wrong {
        private final BiPredicate<Head, Page> free;

        LookThenTake(StateStore right, BiPredicate<Head, Page> free) {
            super(right);
            this.free = free;
        }

        @Override
        public Acquired acquire(Acquire request) {
            boolean take = request.target() instanceof Acquire.Take;
            Optional<Page> seen = take ? page(right, request.runId()) : Optional.empty();
            if (seen.isPresent() && free.test(seen.get().head(), seen.get())) {
                pause();
                return super.acquire(supersede(request));
            }
            return super.acquire(request);
        }
    }

    static final class ReadThenTake extends Wrong {
        ReadThenTake(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            List<Entry> before = page(right, request.runId()).map(Page::entries).orElse(List.of());
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

    private static final class KnowsItsOwn extends Wrong {
        private final Set<Lease> given = new HashSet<>();

        KnowsItsOwn(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            Acquired answer = super.acquire(request);
            if (answer instanceof Granted granted) {
                given.add(granted.lease());
            }
            return answer;
        }

        @Override
        public List<Renewed> renew(List<Renewal> leases) {
            return leases.stream()
                    .map(renewal -> given.contains(renewal.lease())
                            ? super.renew(List.of(renewal)).get(0)
                            : new Renewed.Lost())
                    .toList();
        }
    }

    private static final class ByHash extends Wrong {
        private final Map<Integer, String> locked = new HashMap<>();

        ByHash(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            String holder = locked.putIfAbsent(request.runId().hashCode(), request.runId());
            return holder == null || holder.equals(request.runId())
                    ? super.acquire(request)
                    : new Refused(Refused.Reason.HELD, Optional.empty(), request.ttl(), List.of());
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
