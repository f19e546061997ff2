// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The ids of runs: the text of a UUID, which is what DBOS draws by itself, for every contestant. */
final class RunIds {
    private RunIds() {}

    /** The same for the same use, size and number. */
    static String of(String use, int size, int number) {
        String name = use + "/" + size + "/" + number;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
