// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CAP. */
final class CapMutants {
    private CapMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
