// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.StateStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Stores that are wrong about who gets a lease, and until when. */
final class LeaseMutants {
    private static final String HELD = "condition.over() == Condition.Over.EXPIRED && head.isLeased(now);";
    private static final String TOKEN_ABOVE = ".token(head.token() + 1)";

    private LeaseMutants() {}

    static List<Mutant> all() {
        return Stream.of(whoWins(), tokensAndTimes()).flatMap(List::stream).toList();
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

    static Optional<Page> page(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 4 << 20));
    }

    /** The same request, over a live lease too. */
    static Acquire supersede(Acquire request) {
        Acquire.Take take =
                new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build());
        return new Acquire(request.runId(), request.leaseId(), request.ttl(), take, request.grant());
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
}
