// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tries clauses without a test runner. */
final class OneClause {
    /** The same numbers in every build, so that a mutant that is found once is found always. */
    private static final Seed SEED = new Seed(0x5fd1c2);

    private static final Map<String, Method> METHODS = methods();

    private OneClause() {}

    private static Map<String, Method> methods() {
        Map<String, Method> found = new TreeMap<>();
        for (Class<?> type : Overridden.types(StateStoreTck.class)) {
            for (Method method : type.getDeclaredMethods()) {
                Clause words = method.getAnnotation(Clause.class);
                if (words != null && found.put(words.id(), method) != null) {
                    throw new IllegalStateException("two methods are clause " + words.id());
                }
            }
        }
        found.values().forEach(method -> method.setAccessible(true));
        return found;
    }

    /** The clauses that have a method, with it. */
    static Map<String, Method> all() {
        return METHODS;
    }

    /** Tries a clause on a store. */
    static ClauseResult on(StoreHarness harness, String id) {
        try (KitRun run = new KitRun(harness, SEED, Again.of(StateStoreTck.class))) {
            return on(run, id);
        }
    }

    private static ClauseResult on(KitRun run, String id) {
        Listed clause = ClauseList.all().clause(id);
        Method method = METHODS.get(id);
        if (method == null) {
            throw new IllegalStateException("clause " + id + " has no method");
        }
        Optional<ClauseResult> untried = run.untried(clause);
        StateStoreTck adopter = run::harness;
        return untried.orElseGet(() -> run.tryOut(
                clause, method.getAnnotation(Clause.class), run.trial(id), trial -> call(method, adopter, trial)));
    }

    private static void call(Method method, StateStoreTck adopter, Trial trial) throws Throwable {
        try {
            method.invoke(adopter, trial);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
