// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** What a failing clause says: all that is needed to mend the store, in one block. */
final class Report {
    private Report() {}

    static String of(Clause clause, String store, Deeds deeds, Throwable thrown) {
        return "[" + clause.id() + "] " + clause.must() + "\n"
                + line("store", store)
                + line("did", deeds.toString())
                + line("expected", expected(thrown))
                + line("got", got(thrown))
                + line("means", clause.why())
                + line("usual fix", clause.usualFix());
    }

    static String line(String what, String text) {
        return String.format("  %-9s %s\n", what, text.replace("\n", "\n            "));
    }

    private static String expected(Throwable thrown) {
        return thrown instanceof ClauseFailed failed ? failed.expected() : "an answer";
    }

    /** In one line. */
    static String got(Throwable thrown) {
        if (thrown instanceof ClauseFailed failed) {
            return failed.got();
        }
        // A message of the kit's own says what it could not do; one of a store may hold anything.
        return thrown instanceof IllegalStateException own && own.getCause() == null
                ? String.valueOf(own.getMessage())
                : Thrown.name(thrown);
    }
}
