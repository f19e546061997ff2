// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of PAGE. */
final class PageMutants {
    private PageMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
