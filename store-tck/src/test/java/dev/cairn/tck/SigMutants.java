// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of SIG. */
final class SigMutants {
    private SigMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
