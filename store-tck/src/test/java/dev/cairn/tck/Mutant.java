// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import java.util.function.Consumer;
import java.util.function.Function;
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

    /** The same with something that is wrong in the server, where a call waits for locks. */
    record Locked(ServedHarness.Locking locking) implements Way {}
    /** The same, with a server that is ended or gives way to a second one, and keeps what a mutant lets it. */
    record Killed(Function<Copies, UnaryOperator<StateStore>> wrong) implements Way {}

    /** The same, whose client treats its connections so. */
    record Client(ServedClient.Habit habit) implements Way {}
    /** The same served to this process and to its children, wrong in all of them. */
    record Child(ChildWrong wrong) implements Way {}

    /**
     * A source file of ours in which one piece of text, which stands there once, is another: often a check that is deleted.
     *
     * @param module whose source it is, and which store is tried: {@code core} the reference, another module its own
     * @param file below {@code src/main/java/dev/cairn/}
     */
    record Patched(String module, String file, String text, String instead) implements Way {}

    static Mutant store(String clause, String wrong, UnaryOperator<StateStore> wrapper) {
        return new Mutant(clause, wrong, new Decorated(wrapper));
    }

    static Mutant served(String clause, String wrong, UnaryOperator<StateStore> wrapper) {
        return new Mutant(clause, wrong, new Served(wrapper));
    }

    static Mutant locked(String clause, String wrong, ServedHarness.Locking locking) {
        return new Mutant(clause, wrong, new Locked(locking));
    }

    static Mutant killed(String clause, String wrong, Function<Copies, UnaryOperator<StateStore>> way) {
        return new Mutant(clause, wrong, new Killed(way));
    }

    /** What the server keeps is wrong, and nothing else. */
    static Mutant keeping(String clause, String wrong, Consumer<Copies> way) {
        return killed(clause, wrong, copies -> {
            way.accept(copies);
            return UnaryOperator.identity();
        });
    }

    static Mutant client(String clause, String wrong, ServedClient.Habit habit) {
        return new Mutant(clause, wrong, new Client(habit));
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

    /** The PostgreSQL store with another text in one place, on a server that all such mutants share. */
    static Mutant postgres(String clause, String wrong, String file, String text, String instead) {
        return new Mutant(clause, wrong, new Patched("store-postgres", "store/postgres/" + file, text, instead));
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
        if (way instanceof Killed) {
            return "reference store, ended";
        }
        if (way instanceof Child) {
            return "reference store, served to children";
        }
        return way instanceof Decorated ? "reference store" : "reference store, served";
    }

    @Override
    public String toString() {
        return clause + " " + wrong + " (" + where() + ")";
    }
}
