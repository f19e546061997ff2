// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same id with a different input is refused; what is only written differently is the same input. */
class RunInputTest {
    private static final Line TEA = new Line("tea", new BigDecimal("1.10"));

    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    record Line(String product, BigDecimal price) {}

    record Order(String customer, List<Line> lines) {}

    /** The same order a year later. */
    @JsonPropertyOrder({"priority", "lines", "gift", "tags", "customer"})
    record OrderToday(
            List<Line> lines, String customer, @Nullable String gift, int priority, Optional<List<String>> tags) {}

    enum Stand {
        COMPLETED,
        FAILED,
        READY,
        BLOCKED,
        CANCELLED,
        SUBMITTED
    }

    private <I> Workflow<I, Void> workflow(Class<I> input, @Nullable Throwable thrown) {
        return Workflow.named("orders").input(input).define((run, order) -> {
            run.label("colour", "red");
            run.step("s", step -> runs.ran.add(step.key()));
            if (thrown != null) {
                Sneaky.<RuntimeException>rethrow(thrown);
            }
            return null;
        });
    }

    private void bring(Stand stand, Order order) {
        switch (stand) {
            case COMPLETED -> runs.cairn.execute(workflow(Order.class, null), "r", order);
            case FAILED -> runs.cairn.execute(workflow(Order.class, new StepFailure("F", "f")), "r", order);
            case READY -> runs.cairn.execute(workflow(Order.class, new IOException()), "r", order);
            case BLOCKED -> runs.cairn.execute(workflow(Order.class, new DuplicateKeyException("twice")), "r", order);
            case SUBMITTED -> runs.cairn.submit(workflow(Order.class, null), "r", order);
            case CANCELLED -> {
                runs.cairn.submit(workflow(Order.class, null), "r", order);
                runs.cairn.runs().cancel("r");
            }
        }
        runs.ran.clear();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-09 a different input is refused by path, nothing is run, and the run stands as before")
    void differentInputIsRefused(Stand stand) {
        bring(stand, new Order("ann", List.of(TEA)));
        LocalRuns.Stored before = runs.stored("r");
        ResumeState state = runs.state("r");
        Order other = new Order("ann", List.of(new Line("tea", new BigDecimal("4111.20"))));

        assertThatThrownBy(() -> runs.cairn.execute(workflow(Order.class, null), "r", other))
                .isInstanceOf(DifferentInputException.class)
                .hasMessageContainingAll("run r", "$.lines[0].price", "another run id")
                .message()
                .doesNotContain("4111", "1.10", "ann");

        assertThat(runs.ran).isEmpty();
        assertThat(runs.state("r")).isEqualTo(state);
        assertThat(runs.stored("r").standing()).isEqualTo(before.standing());
        assertThat(runs.stored("r").lease()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-09 submit refuses a different input too, and changes nothing at all")
    void submitRefusesDifferentInput(Stand stand) {
        bring(stand, new Order("ann", List.of(TEA)));
        LocalRuns.Stored before = runs.stored("r");

        assertThatThrownBy(() -> runs.cairn.submit(workflow(Order.class, null), "r", new Order("bob", List.of())))
                .isInstanceOf(DifferentInputException.class)
                .hasMessageContaining("$.customer");

        assertThat(runs.stored("r")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "READY", "SUBMITTED"})
    @DisplayName("RUN-09 optional and primitive fields that are new, and another order of fields, are no difference")
    void newOptionalFieldIsNoDifference(Stand stand) {
        bring(stand, new Order("ann", List.of(TEA)));
        OrderToday same = new OrderToday(List.of(TEA), "ann", null, 0, Optional.empty());

        assertThat(runs.cairn.execute(workflow(OrderToday.class, null), "r", same))
                .isInstanceOf(RunResult.Completed.class);
    }

    @Test
    @DisplayName("RUN-09 a new field with a value is a difference")
    void newFieldWithAValueIsADifference() {
        bring(Stand.COMPLETED, new Order("ann", List.of(TEA)));
        OrderToday urgent = new OrderToday(List.of(TEA), "ann", null, 1, Optional.empty());

        assertThatThrownBy(() -> runs.cairn.execute(workflow(OrderToday.class, null), "r", urgent))
                .isInstanceOf(DifferentInputException.class)
                .hasMessageContaining("$.priority");
    }

    @Test
    @DisplayName("RUN-09 numbers that differ in their last digit only are different inputs")
    void lastDigitIsADifference() {
        bring(Stand.COMPLETED, new Order("ann", List.of(new Line("tea", new BigDecimal("0.12345678901234567890")))));

        assertThatThrownBy(() -> runs.cairn.execute(
                        workflow(Order.class, null),
                        "r",
                        new Order("ann", List.of(new Line("tea", new BigDecimal("0.12345678901234567891"))))))
                .isInstanceOf(DifferentInputException.class);
    }

    record Tags(Set<String> tags) {}

    @Test
    @DisplayName("RUN-09 a set that is written in another order is the same input")
    void orderOfASetIsNoDifference() {
        Workflow<Tags, Void> workflow = workflow(Tags.class, null);
        runs.cairn.execute(workflow, "r", new Tags(new LinkedHashSet<>(List.of("one", "two", "three"))));

        RunResult<Void> again =
                runs.cairn.execute(workflow, "r", new Tags(new LinkedHashSet<>(List.of("three", "one", "two"))));

        assertThat(again).isInstanceOf(RunResult.Completed.class);
    }

    @Test
    @DisplayName("RUN-09 the same id with another workflow is refused, naming both, and nothing changes")
    void otherWorkflowIsRefused() {
        bring(Stand.READY, new Order("ann", List.of(TEA)));
        LocalRuns.Stored before = runs.stored("r");

        assertThatThrownBy(() -> runs.cairn.execute(Workflow.named("parcels").define((run, none) -> null), "r", null))
                .isInstanceOf(DifferentWorkflowException.class)
                .hasMessageContainingAll("run r", "orders", "parcels");

        assertThat(runs.stored("r")).isEqualTo(before);
    }

    @Test
    @DisplayName("RUN-08 a key asked for twice in one execution is refused before its body, with a way out")
    void keyAskedTwiceIsRefused() {
        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step("import", String.class, runs.returns("first"));
            run.step("import", String.class, runs.returns("second"));
            return null;
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(DuplicateKeyException.class)
                                .hasMessageContainingAll("step import of run r", "key(\"import\", i)"));
        assertThat(runs.ran).containsExactly("import");
        assertThat(runs.state("r").steps()).hasSize(1);
    }

    @Test
    @DisplayName("RUN-08 a key asked for twice is refused on replay and inside a parallel group too")
    void keyAskedTwiceInAGroupIsRefused() {
        runs.execute("r", (run, none) -> {
            run.step("import", String.class, runs.returns("first"));
            throw new IOException();
        });

        RunResult<?> result = runs.execute("r", (run, none) -> {
            run.step("import", String.class, runs.returns("first"));
            run.parallel(group -> group.step("import", String.class, runs.returns("second")));
            return null;
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause()).isInstanceOf(DuplicateKeyException.class));
        assertThat(runs.ran).containsExactly("import");
    }
}
