// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of LEAK. */
final class LeakMutants {
    private LeakMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
