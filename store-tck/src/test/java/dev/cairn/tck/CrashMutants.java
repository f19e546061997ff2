// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CRASH. */
final class CrashMutants {
    private CrashMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "CRASH-03",
                        "deletes: whether this acquire was granted before",
                        "spi/HeadRules.java",
                        "head.isPresent() && isLeasedTo(head.get(), request.leaseId())",
                        "head.isPresent() && request.ttl().isZero()"),
                Mutant.core(
                        "CRASH-03",
                        "deletes: whether a signal came before",
                        "memory/Transaction.java",
                        "boolean isNew = !journal.hasReceived(message);",
                        "boolean isNew = true;"),
                Mutant.sqlite(
                        "CRASH-03",
                        "deletes: which runs a claim has claimed before",
                        "SqliteRuns.java",
                        "if (!before.isEmpty()) {",
                        "if (before.size() > 1000) {"),
                Mutant.sqlite(
                        "CRASH-03",
                        "a repeated end is told that its lease is lost",
                        "SqliteRuns.java",
                        "boolean repeated = standing.isPresent() && found.isPresent();",
                        "boolean repeated = false;"));
    }
}
