// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.stream.IntStream;

/** Stores that take part in the user's transaction although they declare no such ability. */
final class TxMutants {
    private TxMutants() {}

    static List<Mutant> all() {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(clause -> Mutant.sqlite(
                        "TX-0" + clause,
                        "the user's transaction is ended, and the store goes on",
                        "SqliteSession.java",
                        "if (!connection.getAutoCommit()) {",
                        "if (!connection.getAutoCommit()) { connection.setAutoCommit(true); } if (false) {"))
                .toList();
    }
}
