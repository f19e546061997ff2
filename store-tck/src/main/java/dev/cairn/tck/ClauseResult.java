// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.Optional;

/**
 * What became of a clause on a store.
 *
 * @param reason why it did not pass, in one line; empty if it did
 * @param report what a failure says, as a block; else empty
 * @param thrown what a store threw that no clause expected, or what the clause said
 * @param millis it took
 * @param checks how many things were compared
 * @param tried what was tried at points that were found by running, in words
 */
record ClauseResult(
        String id,
        Outcome outcome,
        String reason,
        String report,
        Optional<Throwable> thrown,
        long millis,
        long checks,
        List<String> tried) {
    /** Copies the list. */
    ClauseResult {
        tried = List.copyOf(tried);
    }

    /** Not tried at all. */
    static ClauseResult untried(String id, Outcome outcome, String reason) {
        return new ClauseResult(id, outcome, reason, "", Optional.empty(), 0, 0, List.of());
    }

    /** Whether the clause itself says that the store is wrong; not a crash on the way. */
    boolean failedByItsOwnMessage() {
        return outcome == Outcome.FAIL
                && thrown.filter(ClauseFailed.class::isInstance).isPresent();
    }
}
