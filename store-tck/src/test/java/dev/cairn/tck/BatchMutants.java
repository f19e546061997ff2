// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of BATCH. */
final class BatchMutants {
    private BatchMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
