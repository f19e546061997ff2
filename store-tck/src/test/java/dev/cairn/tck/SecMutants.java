// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of SEC. */
final class SecMutants {
    private SecMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
