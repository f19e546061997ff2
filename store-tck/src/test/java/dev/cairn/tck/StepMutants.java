// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of STEP. */
final class StepMutants {
    private StepMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
