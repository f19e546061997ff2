// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Cairn;
import dev.cairn.ResumeState;
import dev.cairn.StepBody;
import dev.cairn.Workflow;
import dev.cairn.WorkflowBody;
import dev.cairn.spi.StateStore;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A process that runs workflows on an opened store. Keeps, in order, what it sent and which bodies began. */
final class Worker implements AutoCloseable {
    static final String INPUT = "order";

    private final Instance instance;
    private final Cairn cairn;
    private final Cairn reader;
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final List<String> all = new CopyOnWriteArrayList<>();
    private volatile Splitting.Gate gate = AtPoint.never();

    private Worker(Instance instance, UnaryOperator<Cairn.Builder> settings) {
        this.instance = instance;
        StateStore store = Gated.store(instance.store(), new Splitting.Gate() {
            @Override
            public void before(String request) {
                gate.before(request);
                sent.add(request);
                all.add(request);
            }

            @Override
            public void after(String request) {
                gate.after(request);
            }
        });
        // A lease that no heartbeat is due for while a clause is tried, so that what is sent can be counted.
        this.cairn = settings.apply(Cairn.builder(store).lease(Requests.LASTING).patience(Duration.ZERO))
                .build();
        this.reader = Cairn.using(instance.store());
    }

    /** A process of this name, which waits for nobody. */
    static Worker open(Trial trial, String name) {
        return on(trial.open(name), builder -> builder);
    }

    /** The process of an instance, with other settings. */
    static Worker on(Instance instance, UnaryOperator<Cairn.Builder> settings) {
        return new Worker(instance, settings);
    }

    Cairn cairn() {
        return cairn;
    }

    Instance instance() {
        return instance;
    }

    /** From now on its requests meet this gate. */
    void meets(Splitting.Gate next) {
        gate = next;
    }

    // --- workflows

    /** A workflow of texts. */
    static Workflow<String, String> workflow(WorkflowBody<String, String> body) {
        return Workflow.named(Requests.WORKFLOW)
                .input(String.class)
                .output(String.class)
                .define(body);
    }

    /** Runs a workflow or goes on with it; how that ended. */
    Ended execute(String runId, WorkflowBody<String, String> body) {
        return execute(runId, workflow(body));
    }

    Ended execute(String runId, Workflow<String, String> workflow) {
        return Ended.of(() -> cairn.execute(workflow, runId, INPUT));
    }

    /** A body that says that it began, and returns a value. */
    <T> StepBody<T> returns(T value) {
        return step -> {
            begun(step.key());
            return value;
        };
    }

    /** A body that says that it began, and throws. */
    <T> StepBody<T> throwing(Supplier<? extends Throwable> thrown) {
        return step -> {
            begun(step.key());
            Throwable now = thrown.get();
            if (now instanceof Error error) {
                throw error;
            }
            throw (Exception) now;
        };
    }

    /** Says that a body began. */
    void begun(String key) {
        ran.add(key);
        all.add("body " + key);
    }

    // --- what it did

    /** The keys of the bodies that began. */
    List<String> ran() {
        return List.copyOf(ran);
    }

    /** The requests that it sent. */
    List<String> sent() {
        return List.copyOf(sent);
    }

    /** Requests and bodies, in order. */
    List<String> all() {
        return List.copyOf(all);
    }

    /** From here on. */
    void forgetWhatItDid() {
        sent.clear();
        ran.clear();
        all.clear();
    }

    // --- what is stored, read past the gate

    ResumeState state(String runId) {
        return reader.runs()
                .read(runId)
                .orElseThrow(() -> new IllegalStateException(
                        "the clause needs run " + Words.quoted(runId) + ", and it is not there"));
    }

    /** The keys of the recorded steps, in the order they were written. */
    List<String> recorded(String runId) {
        return state(runId).steps().stream().map(StepRecord::key).toList();
    }

    /** Lets the lease of a holder that is no more have run out. */
    void letLeaseRunOut(String runId) {
        instance.head(runId).standing().ifPresent(instance::expire);
    }

    @Override
    public void close() {
        cairn.close();
        reader.close();
    }
}
