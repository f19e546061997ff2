// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of CRASH. */
final class CrashMutants {
    private CrashMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
