// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.Collection;

/** What a whole run of the kit says of a store. There is no score. */
enum Verdict {
    PASS,
    /** A clause is inconclusive or was not run. */
    INCOMPLETE,
    /** Only some of the clauses were asked for. */
    PARTIAL,
    FAIL;

    static Verdict of(Collection<Outcome> outcomes, boolean filtered) {
        if (outcomes.contains(Outcome.FAIL)) {
            return FAIL;
        }
        if (filtered) {
            return PARTIAL;
        }
        boolean open = outcomes.contains(Outcome.INCONCLUSIVE) || outcomes.contains(Outcome.NOT_RUN);
        return open ? INCOMPLETE : PASS;
    }
}
