// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a clause said of a mutant.
 *
 * @param found whether it failed by its own message
 */
record Tried(String clause, String outcome, boolean found, String report) {
    /** Tries one clause. */
    static Tried on(Mutant mutant, String clause, Duration hangs) {
        return within(hangs, clause, world(mutant));
    }

    /** Tries clauses one after the other, each on storage of its own; one that hangs keeps no other from being tried. */
    static List<Tried> oneByOne(Mutant mutant, List<String> clauses, Duration hangs) {
        Function<String, Tried> world = world(mutant);
        return clauses.stream().map(clause -> within(hangs, clause, world)).toList();
    }

    private static Function<String, Tried> world(Mutant mutant) {
        if (mutant.way() instanceof Mutant.Decorated decorated) {
            return clause -> of(OneClause.on(MemoryHarness.wrapping("mutant", decorated.wrapper()), clause));
        }
        if (mutant.way() instanceof Mutant.Served served) {
            return clause -> of(OneClause.on(ServedHarness.whole(served.wrapper()), clause));
        }
        if (mutant.way() instanceof Mutant.Locked locked) {
            return clause -> of(OneClause.on(ServedHarness.whole(UnaryOperator.identity(), locked.locking()), clause));
        }
        if (mutant.way() instanceof Mutant.Killed killed) {
            return clause -> of(OneClause.on(ServedServer.harness(killed.wrong()), clause));
        }
        if (mutant.way() instanceof Mutant.Client client) {
            return clause -> of(OneClause.on(ServedHarness.keeping(client.habit()), clause));
        }
        if (mutant.way() instanceof Mutant.Child child) {
            return clause -> of(OneClause.on(ChildHarness.create(child.wrong()), clause));
        }
        Mutant.Patched patched = (Mutant.Patched) mutant.way();
        Isolated isolated = new Isolated(Compiled.classes(patched));
        return clause -> {
            List<String> answer = isolated.tryOut(patched.module(), clause);
            return new Tried(clause, answer.get(0), Boolean.parseBoolean(answer.get(1)), answer.get(2));
        };
    }

    private static Tried of(ClauseResult result) {
        List<String> said = said(result);
        return new Tried(result.id(), said.get(0), Boolean.parseBoolean(said.get(1)), said.get(2));
    }

    /** Its outcome, whether it failed by its own message, and the report. */
    static List<String> said(ClauseResult result) {
        List<String> said = new ArrayList<>();
        said.add(result.outcome().toString());
        said.add(String.valueOf(result.failedByItsOwnMessage()));
        said.add(result.report().isEmpty() ? result.reason() : result.report());
        return said;
    }

    /** A mutant may also hang, or be so broken that not even the kit's controls hold: then no clause found it. */
    private static Tried within(Duration hangs, String clause, Function<String, Tried> world) {
        FutureTask<Tried> task = new FutureTask<>(() -> world.apply(clause));
        Thread thread = new Thread(task, "mutant-" + clause);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(hangs.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            return new Tried(clause, "hangs", false, "no end within " + hangs);
        } catch (ExecutionException e) {
            return new Tried(clause, "crash", false, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
