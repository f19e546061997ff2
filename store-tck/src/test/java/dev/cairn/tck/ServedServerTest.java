// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The clauses that end a server, on a store behind a socket that is right; and a harness that is not. */
class ServedServerTest {
    private static boolean ends(Listed clause) {
        return Stream.of(Need.SERVER, Need.STANDBY)
                .anyMatch(need ->
                        clause.needs().contains(need) || clause.alsoNeeds().contains(need));
    }

    @TestFactory
    Stream<DynamicTest> holds() {
        return ClauseList.all().clauses().stream()
                .filter(ServedServerTest::ends)
                .map(clause -> DynamicTest.dynamicTest(clause.id(), () -> {
                    StoreHarness harness = ServedServer.harness(copies -> UnaryOperator.identity());

                    ClauseResult result = OneClause.on(harness, clause.id());

                    assertThat(result.report()).isEmpty();
                    assertThat(result.reason())
                            .satisfiesAnyOf(
                                    reason -> assertThat(reason).isEmpty(),
                                    reason -> assertThat(reason).startsWith("part 2:"));
                }));
    }
}
