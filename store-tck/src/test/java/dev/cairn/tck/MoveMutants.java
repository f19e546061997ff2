// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of MOVE. */
final class MoveMutants {
    private MoveMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
