// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.state.Bytes;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** Comparisons that several groups of clauses make. */
final class Checks {
    private Checks() {}

    /** Fails, by the clause's own message, where a store throws although a right one answers. */
    static <T> T answered(Trial trial, String expected, Callable<T> call) {
        trial.explored(1);
        try {
            return call.call();
        } catch (Exception thrown) {
            ClauseFailed failed = new ClauseFailed(expected, Thrown.name(thrown));
            failed.initCause(thrown);
            throw failed;
        }
    }

    /** Fails unless both are the same bytes; says where they differ, and none of them. */
    static void sameBytes(Trial trial, String what, Bytes expected, Bytes got) {
        int at = expected.equals(got) ? -1 : Arrays.mismatch(expected.toArray(), got.toArray());
        trial.that(
                at < 0,
                what + " as it was written, " + expected.size() + " bytes",
                got.size() + " bytes, other ones from byte " + at + " on");
    }
}
