// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of VER. */
final class VerMutants {
    private VerMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
