// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of KEY. */
final class KeyMutants {
    private KeyMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
