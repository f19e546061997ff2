// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StateStore;
import java.util.List;
import java.util.function.Predicate;

/** Stores that are wrong about claims. */
final class ClaimMutants {
    private ClaimMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "CLAIM-01",
                        "a run that was abandoned is never due",
                        "spi/Head.java",
                        "return lease.get().isExpired(now);",
                        "return false;"),
                Mutant.sqlite(
                        "CLAIM-01",
                        "claims free runs only",
                        "SqliteHeads.java",
                        "AND wake <= :now",
                        "AND lease IS NULL AND wake <= :now"),
                Mutant.store(
                        "CLAIM-01",
                        "hands over no grant but the first and the last",
                        store -> new Shortened(store, entry -> entry.kind().isGrant() && entry.place() > 0)),
                Mutant.store("CLAIM-02", "looks for due runs, then takes them", LookThenClaim::new),
                Mutant.core(
                        "CLAIM-03",
                        "claims in order of ids",
                        "spi/Claim.java",
                        ".sorted(Comparator.comparing((Head head) -> dueSince(head, now)).thenComparing(BY_ID))",
                        ".sorted(BY_ID)"),
                Mutant.sqlite(
                        "CLAIM-03",
                        "orders what is due after the limit",
                        "SqliteHeads.java",
                        "ORDER BY wake LIMIT :limit",
                        "ORDER BY run_id LIMIT :limit"),
                Mutant.store(
                        "CLAIM-04",
                        "hands over a snapshot without the last step",
                        store -> new Shortened(store, entry -> entry.kind() == dev.cairn.spi.EntryKind.PLAIN)),
                Mutant.core(
                        "CLAIM-04",
                        "a takeover of an abandoned run writes no grant",
                        "memory/Transaction.java",
                        "runs.journalOf(grant.head()).add(grant.entry());",
                        "if (found.flatMap(Head::lease).isEmpty()) {"
                                + " runs.journalOf(grant.head()).add(grant.entry()); }"),
                Mutant.core(
                        "CLAIM-05",
                        "deletes: the sleep of a run over which a canceller died",
                        "memory/Transaction.java",
                        "!head.isWaiting(now)\n                && ",
                        ""),
                Mutant.store("CLAIM-05", "claims runs that are held", store -> new LookThenClaim(store) {
                    @Override
                    boolean isDue(Head head, RunPage page) {
                        return head.status() == dev.cairn.state.RunStatus.READY;
                    }
                }),
                Mutant.sqlite(
                        "CLAIM-05",
                        "deletes: that only open runs are claimed",
                        "SqliteHeads.java",
                        "WHERE namespace = :namespace AND workflow = :workflow AND wake <= :now",
                        "WHERE namespace = :namespace AND workflow = :workflow AND coalesce(wake, deadline, 0) <= :now"),
                Mutant.core(
                        "CLAIM-06",
                        "looks at the version after the limit",
                        "spi/Claim.java",
                        "asked.workflow().equals(head.workflow())\n"
                                + "                        && asked.accepted().contains(head.version()))",
                        "asked.workflow().equals(head.workflow()))"),
                Mutant.sqlite(
                        "CLAIM-06",
                        "deletes: the version that stands in the head",
                        "SqliteHeads.java",
                        "UPDATE cairn_head SET version = :version, status",
                        "UPDATE cairn_head SET status"),
                Mutant.store("CLAIM-06", "claims whatever is due", LookThenClaim::new));
    }

    /** Hands over claims without the last entry of a kind before the grant. */
    private static final class Shortened extends Wrong {
        private final Predicate<Entry> without;

        Shortened(StateStore right, Predicate<Entry> without) {
            super(right);
            this.without = without;
        }

        @Override
        public List<Granted> claim(Claim request) {
            return super.claim(request).stream().map(this::shortened).toList();
        }

        private Granted shortened(Granted granted) {
            Page page = granted.page();
            List<Entry> entries = new java.util.ArrayList<>(page.entries());
            for (int i = entries.size() - 2; i > 0; i--) {
                if (without.test(entries.get(i))) {
                    entries.remove(i);
                    for (int later = i; later < entries.size(); later++) {
                        entries.set(later, entries.get(later).at(later));
                    }
                    break;
                }
            }
            Page shorter = new Page(page.head(), page.storeTime(), entries, page.messages(), page.next());
            return new Granted(granted.lease(), granted.timeLeft(), shorter);
        }
    }

    static class LookThenClaim extends Wrong {
        LookThenClaim(StateStore right) {
            super(right);
        }

        boolean isDue(Head head, RunPage page) {
            return head.isClaimable(page.storeTime());
        }

        @Override
        public List<Granted> claim(Claim request) {
            RunPage page = right.list(RunQuery.all().build());
            pause();
            return page.runs().stream()
                    .filter(head -> isDue(head, page))
                    .limit(request.limit())
                    .map(head -> right.acquire(new Acquire(
                            head.runId(),
                            request.id(),
                            request.ttl(),
                            new Acquire.Take(
                                    Condition.open().over(Condition.Over.LIVE).build()),
                            request.grant())))
                    .filter(Granted.class::isInstance)
                    .map(Granted.class::cast)
                    .toList();
        }
    }
}
