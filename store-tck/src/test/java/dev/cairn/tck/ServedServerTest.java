// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.Tier;
import java.util.List;
import java.util.Map;
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
                                    reason -> assertThat(reason).contains("a child process"));
                }));
    }

    @Test
    @DisplayName(
            "META-04 a server that is not ended, and one that is another's, is found, and the clauses are inconclusive")
    void notEnded() {
        assertThat(reason(right -> new Ended(right) {
                    @Override
                    public void kill() {}
                }))
                .contains("[META-04]")
                .contains("a store was answered while its server was killed");
    }

    @Test
    @DisplayName("META-04 a server that is the same after a kill is found")
    void sameServer() {
        assertThat(reason(right -> new Ended(right) {
                    @Override
                    public String identity() {
                        return "the one";
                    }
                }))
                .contains("[META-04]")
                .contains("the server is the one from before, the one");
    }

    @Test
    @DisplayName("META-04 a hook that throws is found")
    void throwing() {
        assertThat(reason(right -> new Ended(right) {
                    @Override
                    public void start() {
                        throw new IllegalStateException("no rights to start it");
                    }
                }))
                .contains("[META-04]")
                .contains("no rights to start it");
    }

    @Test
    @DisplayName("without a server to end, or a pair of them, the clauses are inconclusive and name the method")
    void notGiven() {
        StoreHarness harness = ServedHarness.whole(UnaryOperator.identity());

        assertThat(OneClause.on(harness, "CRASH-08").reason()).contains("StoreHarness.server(…)");
        assertThat(OneClause.on(harness, "CRASH-05").reason()).contains("StoreHarness.server(…)");
        assertThat(OneClause.on(harness, "CRASH-09").reason()).contains("StoreHarness.standby(…)");
        assertThat(OneClause.on(harness, "CRASH-09").outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    @DisplayName("below the tiers of the clauses a run may lose its end, and nothing else")
    void lowTiers() {
        StoreHarness harness = ServedServer.harness(copies -> {
            copies.late(6);
            copies.promises(Tier.CLIENT_CRASH);
            return UnaryOperator.identity();
        });

        for (String clause : List.of("CRASH-05", "CRASH-08", "CRASH-09", "CRASH-10", "LEASE-03", "LEASE-12")) {
            assertThat(OneClause.on(harness, clause).report()).isEmpty();
        }
    }

    private static String reason(UnaryOperator<StoreServer> wrong) {
        MovableClock clock = MovableClock.create();
        StoreHarness harness = ServedHarness.whole(UnaryOperator.identity(), clock)
                .server(() -> wrong.apply(ServedServer.alone(clock)));
        ClauseResult result = OneClause.on(harness, "CRASH-05");
        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        return result.reason();
    }

    /** A server in front of a right one. */
    private static class Ended implements StoreServer {
        private final StoreServer right;

        Ended(StoreServer right) {
            this.right = right;
        }

        @Override
        public StateStore open(StoreEnv env) throws Exception {
            return right.open(env);
        }

        @Override
        public void kill() {
            right.kill();
        }

        @Override
        public void start() {
            right.start();
        }

        @Override
        public String identity() {
            return right.identity();
        }

        @Override
        public Map<String, String> settings() {
            return right.settings();
        }

        @Override
        public void close() {
            right.close();
        }
    }
}
