// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/**
 * What a clause said of a mutant.
 *
 * @param found whether it failed by its own message
 */
record Tried(String clause, String outcome, boolean found, String report) {
    static List<Tried> on(Mutant mutant, List<String> clauses) {
        if (mutant.way() instanceof Mutant.Decorated decorated) {
            return OneClause.on(MemoryHarness.wrapping("mutant", decorated.wrapper()), clauses).stream()
                    .map(result -> new Tried(
                            result.id(),
                            result.outcome().toString(),
                            result.failedByItsOwnMessage(),
                            result.report().isEmpty() ? result.reason() : result.report()))
                    .toList();
        }
        Mutant.Patched patched = (Mutant.Patched) mutant.way();
        return new Isolated(Compiled.classes(patched))
                .tryOut(patched.module(), clauses).stream()
                        .map(answer -> new Tried(
                                answer.get(0), answer.get(1), Boolean.parseBoolean(answer.get(2)), answer.get(3)))
                        .toList();
    }
}
