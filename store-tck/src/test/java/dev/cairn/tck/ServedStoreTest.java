// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The clauses that need a wire or a lock, on stores behind a socket that are right. */
class ServedStoreTest {
    /** It keeps no step cache, and sends the commits of a list one after the other. */
    private static final Set<String> NOT_SPLIT = Set.of("CACHE-02", "PERF-01");

    private static Stream<Listed> onTheWire() {
        return ClauseList.all().clauses().stream()
                .filter(clause -> clause.isTried() && !clause.needs().contains(Need.VERIFY)) // it sends no DDL
                .filter(clause -> clause.needs().contains(Need.WIRE)
                        || clause.alsoNeeds().contains(Need.WIRE)
                        || clause.alsoNeeds().contains(Need.LOCK));
    }

    @TestFactory
    Stream<DynamicTest> holdsWhereACallIsOneRequest() {
        return onTheWire()
                .map(clause -> DynamicTest.dynamicTest(
                        clause.id(), () -> holds(ServedHarness.whole(UnaryOperator.identity()), clause)));
    }

    @TestFactory
    Stream<DynamicTest> holdsWhereACallIsManyRequests() {
        return onTheWire()
                .filter(clause -> !NOT_SPLIT.contains(clause.id()))
                .map(clause -> DynamicTest.dynamicTest(
                        clause.id(), () -> holds(ServedHarness.split(UnaryOperator.identity()), clause)));
    }

    private static void holds(StoreHarness harness, Listed clause) {
        ClauseResult result = OneClause.on(harness, clause.id());

        assertThat(result.report()).isEmpty();
        assertThat(result.reason())
                .satisfiesAnyOf(
                        reason -> assertThat(reason).isEmpty(),
                        reason -> assertThat(reason).contains("raw"),
                        // A call that is many requests holds no lock from one to the next.
                        reason -> assertThat(reason).contains("a lock held from outside"));
    }

    @Test
    void aStoreThatIsOpenedPastTheProxyIsFound() {
        ClauseResult result = OneClause.on(ServedHarness.past(), "CRASH-01");

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-03]").contains("opened past the kit's proxy");
    }

    @Test
    void aStoreThatSendsSomeRequestsPastTheProxyIsFound() {
        ClauseResult result = OneClause.on(ServedHarness.readingPast(), "CRASH-01");

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-03]").contains("answered all the same: read, list");
    }

    @Test
    void housekeepingThatTakesRequestsForItsOwnIsFound() {
        StoreHarness harness = ServedHarness.whole(UnaryOperator.identity()).housekeeping(bytes -> true);

        ClauseResult result = OneClause.on(harness, "CRASH-01");

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-03]").contains("housekeeping");
    }

    @Test
    void whereNothingIsCreatedThereIsNothingToVerify() {
        ClauseResult result = OneClause.on(ServedHarness.whole(UnaryOperator.identity()), "SCHEMA-07");

        assertThat(result.outcome()).isEqualTo(Outcome.NOT_APPLICABLE);
        assertThat(result.reason()).contains("sends no DDL");
    }
}
