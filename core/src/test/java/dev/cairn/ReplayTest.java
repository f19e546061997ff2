// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.InMemoryStateStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A recorded step is answered from the record. */
class ReplayTest {
    private final LocalRuns runs = new LocalRuns();
    private final Workflow<String, Integer> adding = Workflow.named("adding")
            .input(String.class)
            .output(Integer.class)
            .define((run, text) -> {
                int length = run.step("length", Integer.class, runs.returns(text.length()));
                run.step("mail", step -> runs.ran.add("mail"));
                Outcome<Integer> declined =
                        run.tryStep("declined", Integer.class, runs.throwing(new IllegalStateException("no")));
                return run.step(
                        "sum",
                        Integer.class,
                        runs.returns(length + declined.toString().length()));
            });

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    @DisplayName("RUN-01 a completed run returns its output with one request and no body")
    void completedRunReturnsItsOutput() {
        Integer first = runs.cairn.run(adding, "r", "four");
        LocalRuns.Stored before = runs.stored("r");
        runs.ran.clear();
        runs.store.takeRequests();

        Integer again = runs.cairn.run(adding, "r", "four");

        assertThat(again).isEqualTo(first);
        assertThat(runs.ran).isEmpty();
        assertThat(runs.store.takeRequests()).containsExactly("acquire");
        assertThat(runs.stored("r")).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "RUN-01 replayed steps run no body and cost no request: a resume asks as often with 200 steps as with one")
    void replayCostsNoRequest() {
        List<List<String>> requests = new ArrayList<>();

        for (int steps : List.of(1, 200)) {
            String runId = "with-" + steps;
            runs.execute(runId, counting(steps, new IOException("not yet")));
            runs.ran.clear();
            runs.store.takeRequests();
            runs.execute(runId, counting(steps, new IOException("still not")));
            requests.add(runs.store.takeRequests());
            assertThat(runs.ran).isEmpty();
        }

        assertThat(requests.get(0)).containsExactly("acquire", "settle").isEqualTo(requests.get(1));
    }

    private WorkflowBody<Void, Void> counting(int steps, IOException thrown) {
        return (run, none) -> {
            for (int i = 0; i < steps; i++) {
                run.step(Key.key("count", i), Integer.class, runs.returns(i));
            }
            throw thrown;
        };
    }

    @Test
    @DisplayName("RUN-01 a run that is resumed goes on behind its last recorded step")
    void resumedRunGoesOn() {
        runs.cairn.submit(adding, "r", "four");
        InMemoryStateStore dying = runs.storage.reopened();
        Cairn doomed =
                Cairn.using(dev.cairn.memory.CrashAt.beforeCommit("declined").on(dying));
        assertThatThrownBy(() -> doomed.resume(adding, "r")).isInstanceOf(dev.cairn.memory.SimulatedCrash.class);
        runs.ran.clear();
        runs.clock.advance(java.time.Duration.ofSeconds(11));

        runs.cairn.resume(adding, "r");

        assertThat(runs.ran).containsExactly("declined", "sum");
    }

    @Test
    @DisplayName("RUN-01 each new step is one request")
    void newStepIsOneRequest() {
        runs.store.takeRequests();

        runs.cairn.run(adding, "r", "four");

        assertThat(runs.store.takeRequests())
                .containsExactly("acquire", "append", "append", "append", "append", "settle");
    }
}
