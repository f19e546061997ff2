// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CANCEL. */
final class CancelMutants {
    private CancelMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
