// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of ERR. */
final class ErrMutants {
    private ErrMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
