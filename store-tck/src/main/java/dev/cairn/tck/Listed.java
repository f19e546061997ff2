// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.Optional;
import java.util.Set;

/**
 * A clause in the clause list.
 *
 * @param needs what the harness has to give for the whole clause
 * @param alsoNeeds what it has to give for a part of the clause
 * @param standing for clauses that are not tried at all: with which outcome, and why
 */
record Listed(String id, Set<Need> needs, Set<Need> alsoNeeds, Optional<Standing> standing) {
    /** Copies the sets. */
    Listed {
        needs = Set.copyOf(needs);
        alsoNeeds = Set.copyOf(alsoNeeds);
    }

    /** Why a clause is not tried. */
    record Standing(Outcome outcome, String reason) {}

    /** Whether a method of the kit tries it. */
    boolean isTried() {
        return standing.isEmpty();
    }

    /** The group, such as {@code LEASE}. */
    String group() {
        return id.substring(0, id.indexOf('-'));
    }

    /** What the name of its method begins with, such as {@code lease_05}. */
    String methodPrefix() {
        return id.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    }
}
