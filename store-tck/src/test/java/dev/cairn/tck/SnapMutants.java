// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of SNAP. */
final class SnapMutants {
    private SnapMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
