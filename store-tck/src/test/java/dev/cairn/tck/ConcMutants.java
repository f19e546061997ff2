// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CONC. */
final class ConcMutants {
    private ConcMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
