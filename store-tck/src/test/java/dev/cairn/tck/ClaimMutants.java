// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CLAIM. */
final class ClaimMutants {
    private ClaimMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
