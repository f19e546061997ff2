// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CLOCK. */
final class ClockMutants {
    private ClockMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
