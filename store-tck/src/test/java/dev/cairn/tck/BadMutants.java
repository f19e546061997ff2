// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of BAD. */
final class BadMutants {
    private BadMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
