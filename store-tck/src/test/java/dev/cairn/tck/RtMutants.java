// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of RT. */
final class RtMutants {
    private RtMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
