// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every clause has a mutant, and finds it by its own message. */
@Tag("mutants")
class MutantsTest {
    private static final int TRIES = 6;
    private static final Duration HANGS = Duration.ofMinutes(2);

    @TestFactory
    Stream<DynamicTest> clauseFindsItsMutant() {
        return Mutants.all().stream()
                .filter(MutantsTest::isAskedFor)
                .map(mutant -> DynamicTest.dynamicTest(
                        mutant.toString(),
                        () -> assertThat(found(mutant))
                                .as("%s, which the clause has to find by its own message", mutant)
                                .isTrue()));
    }

    /** While a group is written: {@code -Dmutants=LEASE,VER}, {@code -Dmutants=served}, or {@code -Dmutants=postgres}. */
    static boolean isAskedFor(Mutant mutant) {
        String groups = System.getProperty("mutants", "");
        String group = ClauseList.all().clause(mutant.clause()).group();
        return groups.isEmpty()
                || List.of(groups.split(",", -1)).contains(group)
                || mutant.where().contains(groups);
    }

    /** Some mutants are wrong only where two threads meet, which chance has to bring about. */
    private static boolean found(Mutant mutant) {
        for (int i = 0; i < TRIES; i++) {
            Tried tried = Tried.on(mutant, mutant.clause(), HANGS);
            if (tried.found()) {
                return true;
            }
            System.out.println("[mutant] " + mutant + ": " + tried.outcome() + "\n" + tried.report());
        }
        return false;
    }

    @Test
    void everyClauseHasMutant() {
        List<String> withMutant =
                Mutants.all().stream().map(Mutant::clause).distinct().toList();

        assertThat(OneClause.all().keySet()).isNotEmpty().isSubsetOf(withMutant);
    }

    @Test
    void everyListedClauseHasMethod() {
        List<String> tried = ClauseList.all().clauses().stream()
                .filter(Listed::isTried)
                .map(Listed::id)
                .toList();

        assertThat(OneClause.all().keySet()).containsExactlyInAnyOrderElementsOf(tried);
        OneClause.all()
                .forEach((id, method) -> assertThat(method.getName())
                        .startsWith(ClauseList.all().clause(id).methodPrefix() + "_"));
    }
}
