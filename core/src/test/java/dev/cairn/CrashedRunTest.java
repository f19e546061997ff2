// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.CrashAt;
import dev.cairn.memory.SimulatedCrash;
import dev.cairn.spi.StateStore;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A workflow whose process dies around any commit goes on, and each body runs at most once more. */
class CrashedRunTest {
    private static final List<String> STEPS = List.of("charge", "reserve", "book", "mail");

    private final LocalRuns runs = new LocalRuns();
    private final List<String> idempotencyKeys = new ArrayList<>();
    private final Workflow<String, String> orders = Workflow.named("orders")
            .input(String.class)
            .output(String.class)
            .define((run, order) -> {
                StringBuilder receipt = new StringBuilder(order);
                for (String key : STEPS) {
                    receipt.append(' ').append(run.step(key, String.class, step -> {
                        runs.ran.add(key);
                        idempotencyKeys.add(key + step.idempotencyKey());
                        return key;
                    }));
                }
                return receipt.toString();
            });

    @AfterEach
    void close() {
        runs.close();
    }

    static List<Arguments> crashes() {
        List<Arguments> crashes = new ArrayList<>();
        for (int i = 0; i < STEPS.size(); i++) {
            crashes.add(Arguments.of(CrashAt.beforeCommit(STEPS.get(i)), Set.of(STEPS.get(i)), i));
            crashes.add(Arguments.of(CrashAt.afterCommit(STEPS.get(i)), Set.of(), i + 1));
        }
        crashes.add(Arguments.of(CrashAt.beforeEnd(), Set.of(), 4));
        crashes.add(Arguments.of(CrashAt.afterEnd(), Set.of(), 4));
        return crashes;
    }

    private void dieAt(CrashAt crash) {
        try (StateStore dying = crash.on(runs.storage.reopened());
                Cairn doomed = Cairn.using(dying)) {
            assertThatThrownBy(() -> doomed.run(orders, "r", "order")).isInstanceOf(SimulatedCrash.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("crashes")
    @DisplayName(
            "RUN-01 a run whose process died goes on from its record, and only the body before its commit runs again")
    void diedRunGoesOn(CrashAt crash, Set<String> again, int recorded) {
        dieAt(crash);
        assertThat(runs.state("r").steps()).hasSize(recorded);
        runs.clock.advance(Duration.ofSeconds(11));

        String receipt = runs.cairn.run(orders, "r", "order");

        assertThat(receipt).isEqualTo("order charge reserve book mail");
        List<String> twice = new ArrayList<>(runs.ran);
        new LinkedHashSet<>(STEPS).forEach(twice::remove);
        assertThat(twice).containsExactlyElementsOf(again);
        assertThat(new LinkedHashSet<>(idempotencyKeys))
                .as("equal over restarts")
                .hasSize(STEPS.size());
        assertThat(runs.state("r").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    @DisplayName("RUN-01 recover takes over what a dead process left, once its lease ran out, and not before")
    void recoverTakesOver() {
        dieAt(CrashAt.beforeCommit("book"));

        assertThat(runs.cairn.recover(orders)).isZero();
        runs.clock.advance(Duration.ofSeconds(10));

        assertThat(runs.cairn.recover(orders)).isEqualTo(1);
        assertThat(runs.state("r").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    @DisplayName("RUN-05 a process that dies at the same step five times leaves a run that counts as without progress")
    void dyingProcessesCountAsAttempts() {
        for (int i = 0; i < 5; i++) {
            dieAt(CrashAt.beforeCommit("charge"));
            runs.clock.advance(Duration.ofSeconds(11));
        }

        runs.cairn.execute(
                Workflow.named("orders")
                        .input(String.class)
                        .output(String.class)
                        .define((run, order) -> {
                            throw new java.io.IOException("again");
                        }),
                "r",
                "order");

        assertThat(runs.stored("r").head().status()).isEqualTo(RunStatus.BLOCKED);
    }
}
