// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of LIST. */
final class ListMutants {
    private ListMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
