// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** Who is told what, and what loggers may show beside every line. */
class RunListenerTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final MDCAdapter before = MDC.getMDCAdapter();

    /** The logger of these tests keeps no MDC. */
    @BeforeEach
    void keepMdc() throws ReflectiveOperationException {
        setMdcAdapter(new BasicMDCAdapter());
    }

    @AfterEach
    void restoreMdc() throws ReflectiveOperationException {
        setMdcAdapter(before);
    }

    private static void setMdcAdapter(MDCAdapter adapter) throws ReflectiveOperationException {
        Method set = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
        set.setAccessible(true);
        set.invoke(null, adapter);
    }

    /** Writes down every event, then fails if it is to. */
    private RunListener writing(Runnable after) {
        return new RunListener() {
            @Override
            public void stepStarted(String runId, String key) {
                note("started " + key);
            }

            @Override
            public void stepReplayed(String runId, String key) {
                note("replayed " + key);
            }

            @Override
            public void stepRecorded(String runId, String key) {
                note("recorded " + key);
            }

            @Override
            public void stepFailed(String runId, String key, Throwable thrown) {
                note("failed " + key + " " + thrown.getMessage());
            }

            @Override
            public void runEnded(String runId, RunResult<?> result) {
                note("ended " + runId + " " + result.getClass().getSimpleName());
            }

            private void note(String event) {
                events.add(event);
                after.run();
            }
        };
    }

    private static WorkflowBody<Void, Void> body(boolean done) {
        return (run, none) -> {
            run.step("a", step -> {});
            run.tryStep("b", Void.class, step -> {
                throw new StepFailure("B", "b's message");
            });
            run.step("c", step -> {
                if (!done) {
                    throw new IOException("c's message");
                }
            });
            return null;
        };
    }

    @Test
    @DisplayName(
            "RUN-03 a listener is told what started, failed, was recorded, was replayed, and how the execution ended")
    void listenerIsTold() {
        try (LocalRuns runs = new LocalRuns(writing(() -> {}))) {
            runs.execute("r", body(false));
            assertThat(events)
                    .containsExactly(
                            "started a",
                            "recorded a",
                            "started b",
                            "failed b b's message",
                            "recorded b",
                            "started c",
                            "failed c c's message",
                            "ended r Interrupted");
            events.clear();

            runs.execute("r", body(true));

            assertThat(events)
                    .containsExactly("replayed a", "replayed b", "started c", "recorded c", "ended r Completed");
        }
    }

    static List<Throwable> thrown() {
        return List.of(
                new IllegalStateException("listener"),
                new AssertionError("listener"),
                new NoClassDefFoundError("listener"),
                new Exception("sneaky"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("RUN-03 a listener that throws, whatever it throws, stops nothing")
    void throwingListenerStopsNothing(Throwable thrown) {
        try (LocalRuns runs = new LocalRuns(writing(() -> Sneaky.<RuntimeException>rethrow(thrown)))) {
            RunResult<?> result = runs.execute("r", body(true));

            assertThat(result).isInstanceOf(RunResult.Completed.class);
            assertThat(runs.state("r").steps()).hasSize(3);
            assertThat(events).hasSize(8);
        }
    }

    @Test
    @DisplayName(
            "RUN-01 run and step are in the MDC of a body and its listener, the run in that of the workflow, and gone afterwards")
    void runAndStepAreInTheMdc() {
        MDC.put("mine", "kept");
        try (LocalRuns runs = new LocalRuns()) {
            runs.execute("r", (run, none) -> {
                events.add("workflow " + mdc());
                run.step("a", step -> events.add("body " + mdc()));
                events.add("between " + mdc());
                run.parallel(group -> group.step("m", Void.class, step -> {
                    events.add("member " + mdc());
                    return null;
                }));
                run.tryStep("f", Void.class, step -> {
                    throw new StepFailure("F", "f");
                });
                events.add("after " + mdc());
                return null;
            });
            events.add("outside " + mdc());
        } finally {
            MDC.remove("mine");
        }

        assertThat(events)
                .containsExactly(
                        "workflow r null kept",
                        "body r a kept",
                        "between r null kept",
                        "member r m kept",
                        "after r null kept",
                        "outside null null kept");
    }

    private static String mdc() {
        return MDC.get("cairn.run") + " " + MDC.get("cairn.step") + " " + MDC.get("mine");
    }

    @Test
    @DisplayName("RUN-01 a run inside another run's body gives the MDC back as it was")
    void innerRunGivesTheMdcBack() {
        try (LocalRuns runs = new LocalRuns()) {
            runs.execute("outer", (run, none) -> {
                run.step("call", step -> {
                    runs.execute("inner", (inner, nothing) -> {
                        inner.step("deep", deep -> events.add(mdc()));
                        return null;
                    });
                    events.add(mdc());
                });
                events.add(mdc());
                return null;
            });
        }

        assertThat(events).containsExactly("inner deep null", "outer call null", "outer null null");
    }
}
