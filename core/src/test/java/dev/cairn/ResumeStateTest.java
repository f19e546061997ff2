// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A run as a value: taken out, saved as text, loaded, and gone on with. */
class ResumeStateTest {
    private final LocalRuns runs = new LocalRuns();
    private final List<String> saved = new ArrayList<>();
    private final List<String> idempotencyKeys = new ArrayList<>();
    private final Workflow<String, String> orders = workflow(false);
    private final Workflow<String, String> stopping = workflow(true);

    @AfterEach
    void close() {
        runs.close();
    }

    private Workflow<String, String> workflow(boolean stops) {
        return Workflow.named("orders").input(String.class).output(String.class).define((run, order) -> {
            run.label("customer", order);
            String payment = run.step("charge", String.class, runs.returns("paid"));
            run.tryStep("hint", String.class, runs.throwing(new StepFailure("NONE", "no hint", List.of(1))));
            run.progress("half");
            saved.add(run.state().toJson());
            run.step("book", String.class, step -> {
                idempotencyKeys.add(step.idempotencyKey());
                if (stops) {
                    throw new IOException("not today");
                }
                return runs.<String>returns("booked").run(step);
            });
            return payment + " by " + order;
        });
    }

    @Test
    @DisplayName(
            "SNAP-04 a state taken from a run under way, saved as text and loaded, goes on without a database from the same step")
    void stateUnderWayGoesOnWithoutADatabase() {
        runs.cairn.execute(stopping, "r", "ann");
        runs.ran.clear();

        ResumeState loaded = ResumeState.fromJson(saved.get(0));
        String receipt;
        try (Cairn nowhere = Cairn.inMemory()) {
            receipt = nowhere.run(orders, loaded);
        }

        assertThat(receipt).isEqualTo("paid by ann");
        assertThat(runs.ran).containsExactly("book");
        assertThat(loaded.isStepComplete("charge")).isTrue();
        assertThat(loaded.isStepComplete("hint")).as("a failure is an outcome").isTrue();
        assertThat(loaded.isStepComplete("book")).isFalse();
        assertThat(loaded.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(loaded.progress()).isEqualTo("half");
    }

    @Test
    @DisplayName("RUN-10 a state that goes on elsewhere keeps its idempotency keys")
    void idempotencyKeysStayTheSame() {
        runs.cairn.execute(stopping, "r", "ann");

        try (Cairn nowhere = Cairn.inMemory()) {
            nowhere.run(orders, ResumeState.fromJson(runs.state("r").toJson()));
        }

        assertThat(idempotencyKeys).hasSize(2).containsOnly(idempotencyKeys.get(0));
    }

    @Test
    @DisplayName("SNAP-04 a state comes back equal from text and, but for its revision, from another store")
    void stateComesBackFromAnotherStore() {
        runs.cairn.execute(stopping, "r", "ann");
        runs.cairn.execute(stopping, "r", "ann");
        runs.cairn.runs().forget("r", "hint");
        runs.cairn.runs().signal("r", "s-1", "approved", List.of(1, 2));
        runs.cairn.execute(stopping, "r", "ann");
        ResumeState state = runs.state("r");

        ResumeState loaded = ResumeState.fromJson(state.toJson());
        try (Cairn other = Cairn.using(InMemoryStateStore.open())) {
            other.runs().save(loaded);

            ResumeState there = other.runs().read("r").orElseThrow();
            assertThat(loaded).isEqualTo(state);
            assertThat(there.isSameRunAs(state))
                    .as("%n%s%n%s", there.toJson(), state.toJson())
                    .isTrue();
            assertThat(there.attempts("book").count()).isEqualTo(3);
            assertThat(there.history()).hasSize(1).isEqualTo(state.history());
            assertThat(there.messages()).hasSize(1);
        }
    }

    @Test
    @DisplayName("SNAP-04 completed, failed and cancelled runs come back from another store with their ends")
    void endsComeBackFromAnotherStore() {
        runs.cairn.run(orders, "completed", "ann");
        runs.execute("failed", (run, none) -> run.step("pay", Void.class, runs.throwing(new StepFailure("F", "f"))));
        runs.cairn.submit(orders, "cancelled", "bob");
        runs.cairn.runs().cancel("cancelled");

        try (LocalRuns other = new LocalRuns()) {
            for (String runId : List.of("completed", "failed", "cancelled")) {
                ResumeState state = ResumeState.fromJson(runs.state(runId).toJson());
                other.cairn.runs().save(state);

                assertThat(other.state(runId).end()).isEqualTo(state.end()).isPresent();
                assertThat(other.state(runId).status()).isEqualTo(state.status());
            }
            runs.ran.clear();
            assertThat(other.cairn.run(orders, "completed", "ann")).isEqualTo("paid by ann");
            assertThat(runs.ran).isEmpty();
        }
    }

    @Test
    @DisplayName("SNAP-02 a state of a run that exists is refused and changes nothing")
    void existingRunIsNotOverwritten() {
        runs.cairn.execute(stopping, "r", "ann");
        ResumeState state = runs.state("r");
        runs.cairn.run(orders, "r", "ann");
        LocalRuns.Stored before = runs.stored("r");

        assertThatThrownBy(() -> runs.cairn.run(orders, state)).isInstanceOf(RunExistsException.class);
        assertThatThrownBy(() -> runs.cairn.runs().save(state))
                .isInstanceOf(RunExistsException.class)
                .hasMessageContaining("run r");

        assertThat(runs.stored("r")).isEqualTo(before);
    }

    @Test
    @DisplayName("RUN-11 a state of another workflow is refused, naming both, and nothing is written")
    void stateOfAnotherWorkflowIsRefused() {
        runs.cairn.execute(stopping, "r", "ann");
        ResumeState state = runs.state("r");
        Workflow<String, Void> parcels =
                Workflow.named("parcels").input(String.class).define((run, text) -> null);

        try (LocalRuns other = new LocalRuns()) {
            assertThatThrownBy(() -> other.cairn.run(parcels, state))
                    .isInstanceOf(DifferentWorkflowException.class)
                    .hasMessageContainingAll("run r", "orders", "parcels");
            assertThat(other.exists("r")).isFalse();
        }
    }

    @Test
    @DisplayName("SNAP-04 what a state hands out cannot change it, and the run under way does not change it either")
    void stateIsImmutable() {
        runs.cairn.execute(stopping, "r", "ann");
        ResumeState state = runs.state("r");
        String before = state.toJson();

        runs.cairn.run(orders, "r", "ann");
        state.steps().clear();
        assertThatThrownBy(() -> state.history().add(step(state))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> state.labels().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);

        assertThat(state.toJson()).isEqualTo(before);
        assertThat(state.steps()).hasSize(2);
    }

    private static StepRecord step(ResumeState state) {
        return state.step("charge").orElseThrow();
    }

    @Test
    @DisplayName("SNAP-04 steps of a state are in the order they were written, with their times and outcomes")
    void stepsAreInOrder() {
        runs.cairn.run(orders, "r", "ann");

        assertThat(runs.state("r").steps().stream().map(StepRecord::key)).containsExactly("charge", "hint", "book");
        assertThat(runs.state("r").steps().stream().map(StepRecord::position)).containsExactly(0, 1, 2);
        assertThat(step(runs.state("r")).at()).isEqualTo(runs.clock.instant());
        assertThat(runs.state("r").step("none")).isEmpty();
        assertThat(runs.state("r").labels()).containsEntry("customer", "ann");
    }
}
