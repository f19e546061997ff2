// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import java.util.function.UnaryOperator;

/**
 * A store, or an engine, that is wrong in exactly one way.
 *
 * @param clause that has to find it
 * @param wrong what it does wrong, in a few words
 */
record Mutant(String clause, String wrong, Way way) {
    /** How it is made. */
    sealed interface Way {}

    /** The reference store, with something in front of it that is wrong. */
    record Decorated(UnaryOperator<StateStore> wrapper) implements Way {}

    /** The same behind a socket: each call is one request. */
    record Served(UnaryOperator<StateStore> wrapper) implements Way {}

    /** The same served to this process and to its children, wrong in all of them. */
    record Child(ChildWrong wrong) implements Way {}

    /**
     * A source file of ours in which one piece of text, which stands there once, is another: often a check that is deleted.
     *
     * @param module whose source it is, and which store is tried: {@code core} the reference, {@code store-sqlite} its own
     * @param file below {@code src/main/java/dev/cairn/}
     */
    record Patched(String module, String file, String text, String instead) implements Way {}

    static Mutant store(String clause, String wrong, UnaryOperator<StateStore> wrapper) {
        return new Mutant(clause, wrong, new Decorated(wrapper));
    }

    static Mutant served(String clause, String wrong, UnaryOperator<StateStore> wrapper) {
        return new Mutant(clause, wrong, new Served(wrapper));
    }

    static Mutant child(String clause, String wrong, ChildWrong how) {
        return new Mutant(clause, wrong, new Child(how));
    }

    /** The engine, the fold, the decisions on a head or the reference store with another text in one place. */
    static Mutant core(String clause, String wrong, String file, String text, String instead) {
        return new Mutant(clause, wrong, new Patched("core", file, text, instead));
    }

    /** The SQLite store with another text in one place. */
    static Mutant sqlite(String clause, String wrong, String file, String text, String instead) {
        return new Mutant(clause, wrong, new Patched("store-sqlite", "store/sqlite/" + file, text, instead));
    }

    /** Whether it is a check of ours that was taken out. */
    boolean deletes() {
        return wrong.startsWith("deletes");
    }

    /** What is wrong, as the table says it. */
    String where() {
        if (way instanceof Patched patched) {
            return patched.file();
        }
        if (way instanceof Child) {
            return "reference store, served to children";
        }
        return way instanceof Served ? "reference store, served" : "reference store";
    }

    @Override
    public String toString() {
        return clause + " " + wrong + " (" + where() + ")";
    }
}
