// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of DEL. */
final class DelMutants {
    private DelMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
