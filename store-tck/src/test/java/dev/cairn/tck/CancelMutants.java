// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Stores that are wrong about cancels. */
final class CancelMutants {
    private static final String TOKEN_ABOVE = ".token(head.token() + 1)";

    private CancelMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "CANCEL-01",
                        "an end whose place is taken is done all the same",
                        "memory/Transaction.java",
                        "return there.get().equals(entry) && found.isPresent()",
                        "return found.isPresent()"),
                Mutant.sqlite(
                        "CANCEL-01",
                        "deletes: whose entry stands where the end was to go",
                        "SqliteRuns.java",
                        "if (standing.isPresent() && !standing.equals(request.entry())) {",
                        "if (standing.isPresent() && found.isEmpty()) {"),
                Mutant.core(
                        "CANCEL-01",
                        "does not say how a run ended that is asked for",
                        "memory/Transaction.java",
                        "head.map(h -> runs.journalOf(h).ended()).orElse(List.of())",
                        "List.of()"),
                Mutant.core(
                        "CANCEL-02",
                        "who takes a run that sleeps wakes it",
                        "spi/HeadRules.java",
                        TOKEN_ABOVE,
                        TOKEN_ABOVE + ".status(RunStatus.READY)"),
                Mutant.core(
                        "CANCEL-02",
                        "who takes a run forgets what it waits for",
                        "spi/HeadRules.java",
                        TOKEN_ABOVE,
                        TOKEN_ABOVE + ".awaits(java.util.Set.of())"),
                Mutant.core(
                        "CANCEL-02",
                        "a lease taken over a live one never runs out",
                        "spi/HeadRules.java",
                        "condition.over() == Condition.Over.EXPIRED && head.isLeased(now);",
                        "condition.over() == Condition.Over.EXPIRED && (head.isLeased(now)"
                                + " || (head.lease().isPresent() && head.token() > head.created().toEpochMilli()));"),
                Mutant.sqlite(
                        "CANCEL-02",
                        "a takeover leaves no due time behind",
                        "SqliteRuns.java",
                        "        if (sameRun) {\n            heads.update(session, grant.head());",
                        "        if (sameRun) {\n            heads.update(session,"
                                + " grant.head().edit().due(java.util.Optional.empty()).build());"));
    }
}
