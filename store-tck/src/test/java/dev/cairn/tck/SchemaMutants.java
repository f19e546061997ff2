// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Mutants of SCHEMA. */
final class SchemaMutants {
    private SchemaMutants() {}

    static List<Mutant> all() {
        return List.of();
    }
}
