// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of BIG. */
final class BigMutants {
    private BigMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
