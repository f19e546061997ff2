// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of RET. */
final class RetMutants {
    private RetMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
