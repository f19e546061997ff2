// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.Attempt;
import java.util.ArrayList;
import java.util.List;

/**
 * The tries of a step that ended without an outcome.
 *
 * @param count how many there were
 * @param last the last 10 of them, oldest first
 */
public record Attempts(long count, List<Attempt> last) {
    /** How many are kept. */
    public static final int KEPT = 10;

    static final Attempts NONE = new Attempts(0, List.of());

    /** Copies the list. */
    public Attempts {
        last = List.copyOf(last);
    }

    Attempts and(Attempt attempt) {
        List<Attempt> all = new ArrayList<>(last);
        all.add(attempt);
        return new Attempts(attempt.number(), all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }
}
