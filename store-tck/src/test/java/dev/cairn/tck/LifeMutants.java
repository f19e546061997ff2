// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of LIFE. */
final class LifeMutants {
    private LifeMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
