// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CACHE. */
final class CacheMutants {
    private CacheMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
