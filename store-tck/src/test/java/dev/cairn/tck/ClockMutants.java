// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Stores that are wrong when their clock is set. */
final class ClockMutants {
    private ClockMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "CLOCK-01",
                        "deletes: how long the lease was granted for",
                        "spi/LeaseTerm.java",
                        "|| deadline.isAfter(now.plus(ttl))",
                        ""),
                Mutant.core(
                        "CLOCK-01",
                        "tokens of a run that is created anew begin at the clock",
                        "spi/HeadRules.java",
                        "Math.max(now.toEpochMilli(), known + 1)",
                        "Math.max(now.toEpochMilli(), 1)"),
                Mutant.sqlite(
                        "CLOCK-01",
                        "claims no lease from the future",
                        "SqliteHeads.java",
                        "AND deadline - ttl > :now",
                        "AND deadline - ttl > :now + deadline"),
                Mutant.core(
                        "CLOCK-02",
                        "a takeover of a lease that ran out long ago writes no grant",
                        "memory/Transaction.java",
                        "runs.journalOf(grant.head()).add(grant.entry());",
                        "if (found.flatMap(Head::lease).filter(term ->"
                                + " term.deadline().isBefore(now.minusSeconds(3600))).isEmpty()) {"
                                + " runs.journalOf(grant.head()).add(grant.entry()); }"),
                Mutant.sqlite(
                        "CLOCK-02",
                        "deletes: whose lease a settle is under, where it ran out",
                        "SqliteRuns.java",
                        "Settled decided = HeadRules.settle(request, found, now);",
                        "Settled decided = HeadRules.settle(entry != null ? request : Settle.of(found.flatMap("
                                + "Head::standing).orElse(lease), request.change()), found, now);"));
    }
}
