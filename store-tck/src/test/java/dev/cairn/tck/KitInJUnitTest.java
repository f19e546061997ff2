// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What an adopter's test runner shows of the kit. */
class KitInJUnitTest {
    @TempDir
    private Path certificates;

    private EngineExecutionResults run(DiscoverySelector selector) {
        String before = System.setProperty("tck.certificates", certificates.toString());
        try {
            return EngineTestKit.engine("junit-jupiter").selectors(selector).execute();
        } finally {
            if (before == null) {
                System.clearProperty("tck.certificates");
            } else {
                System.setProperty("tck.certificates", before);
            }
        }
    }

    private static List<String> failures(EngineExecutionResults results) {
        return results.allEvents().finished().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
                .map(TestExecutionResult::getThrowable)
                .flatMap(Optional::stream)
                .map(Throwable::getMessage)
                .toList();
    }

    private String certificate(String store) throws IOException {
        return Files.readString(certificates.resolve(store).resolve("certificate.json"));
    }

    /** The reference store, with facts that say that it lives in files. */
    private static StateStore embedded(StateStore store) {
        return new Wrong(store) {
            @Override
            public Facts facts() {
                Facts own = super.facts();
                return new Facts(
                        own.product(),
                        Facts.Nature.EMBEDDED,
                        own.tier(),
                        own.limits(),
                        own.fenceTime(),
                        own.abilities(),
                        own.settings(),
                        own.warnings());
            }
        };
    }

    /** Heartbeats only, on a right store. */
    static class Heartbeats implements HbClauses {
        @Override
        public StoreHarness harness() {
            return MemoryHarness.create();
        }

        @Test
        void testOfTheAdoptersOwn() {
            assertThat(harness()).isNotNull();
        }
    }

    @Test
    @DisplayName("a right store passes, and a run of some groups is PARTIAL")
    void someGroups() throws IOException {
        EngineExecutionResults results = run(selectClass(Heartbeats.class));

        results.testEvents().assertStatistics(stats -> stats.succeeded(5).failed(0));
        assertThat(failures(results)).isEmpty();
        assertThat(certificate("memory")).contains("\"verdict\": \"PARTIAL\"", "\"LEASE-05\"");
    }

    @Test
    @DisplayName("a run of one method is PARTIAL, and its certificate says what was not asked for")
    void filtered() throws IOException {
        EngineExecutionResults results = run(selectMethod(
                Heartbeats.class, HbClauses.class.getDeclaredMethods()[0].getName(), Trial.class.getName()));

        results.testEvents().assertStatistics(stats -> stats.succeeded(1).failed(0));
        assertThat(certificate("memory")).contains("\"verdict\": \"PARTIAL\"").contains("\"filtered\": [\"RT-01\"");
    }

    /** Overrides a clause, which takes it out of the run. */
    static class Overriding extends Heartbeats {
        @Override
        public void hb_01_deadlineIsNowPlusTtl(Trial trial) {}
    }

    @Test
    @DisplayName("an overridden clause fails the class by name")
    void overridden() {
        EngineExecutionResults results = run(selectClass(Overriding.class));

        results.testEvents().assertStatistics(stats -> stats.succeeded(4).failed(0));
        assertThat(failures(results))
                .singleElement()
                .asString()
                .contains("cannot be overridden", "hb_01_deadlineIsNowPlusTtl", "Overriding");
    }

    /** One clause that needs raw access, on a store that has files and whose harness gives none. */
    static class WithoutRaw implements ClockClauses {
        @Override
        public StoreHarness harness() {
            InMemoryStateStore storage = InMemoryStateStore.open();
            return StoreHarness.named("without-raw").opens(env -> embedded(storage.reopened(env.options())));
        }
    }

    @Test
    @DisplayName(
            "what the harness does not give makes clauses inconclusive, and that fails the class and names the hook")
    void hookIsMissing() throws IOException {
        EngineExecutionResults results = run(selectClass(WithoutRaw.class));

        results.testEvents()
                .assertStatistics(stats -> stats.succeeded(0).failed(0).aborted(2));
        assertThat(failures(results))
                .singleElement()
                .asString()
                .contains("CLOCK-01 needs a clock that can be moved", "StoreHarness.clock(…) or raw(…)");
        assertThat(certificate("without-raw")).contains("\"outcome\": \"inconclusive\"");
    }

    /** A store that is wrong. */
    static class Failing implements HbClauses {
        @Override
        public StoreHarness harness() {
            return MemoryHarness.wrapping("failing", store -> new Wrong(store) {
                @Override
                public List<dev.cairn.spi.Renewed> renew(List<dev.cairn.spi.Renewal> leases) {
                    return List.of(new dev.cairn.spi.Renewed.Lost());
                }
            });
        }
    }

    @Test
    @DisplayName("a wrong store fails with a report that says all that is needed to mend it")
    void reports() throws IOException {
        EngineExecutionResults results = run(selectClass(Failing.class));

        assertThat(failures(results))
                .anySatisfy(report -> assertThat(report)
                        .startsWith("[HB-01] A heartbeat by the holder MUST move the deadline")
                        .contains(
                                "\n  store     failing · Cairn in memory\n",
                                "\n  did       A acquired \"r\" (Create, lease of PT20M): granted \"r\", token ",
                                "A renewed the lease of \"r\", token ",
                                "\n  expected  the time left is held for PT2M\n",
                                "\n  got       lost\n",
                                "\n  means     a holder that renews often",
                                "\n  usual fix compute the new deadline",
                                "\n  again     mvn test -pl store-tck -am -Dsurefire.failIfNoSpecifiedTests=false"
                                        + " '-Dtest=Failing#hb_01*' -Dtck.seed=0x"));
        assertThat(certificate("failing")).contains("\"verdict\": \"FAIL\"");
    }

    /** Two opens that share nothing. */
    static class NotShared implements HbClauses {
        @Override
        public StoreHarness harness() {
            return StoreHarness.named("not-shared")
                    .opens(env ->
                            dev.cairn.memory.InMemoryStateStore.open(env.options(), java.time.InstantSource.system()));
        }
    }

    @Test
    @DisplayName("META-01 a harness whose opens do not share storage is told so, by every clause")
    void opensShareStorage() {
        EngineExecutionResults results = run(selectClass(NotShared.class));

        assertThat(failures(results))
                .hasSize(4)
                .allSatisfy(message -> assertThat(message).contains("[META-01]", "open the same storage"));
    }
}
