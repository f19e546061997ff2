// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.workflow.Workflow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The steps under DBOS, with a clock for each run. Safe for use by several threads. */
final class DbosSteps implements DbosWorkflow {
    private static final int PATIENCE_MINUTES = 10;

    private final DBOS dbos;
    private final Map<String, LapClock> clocks = new ConcurrentHashMap<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch crash = new CountDownLatch(1);
    private final AtomicInteger bodies = new AtomicInteger();
    private volatile String halted = "";

    DbosSteps(DBOS dbos) {
        this.dbos = dbos;
    }

    /** The clock of a run that is about to begin. */
    LapClock clock(String runId, Load load, Turn turn) {
        LapClock clock = new LapClock(load, turn);
        clocks.put(runId, clock);
        return clock;
    }

    /** Keeps this run from returning after its last step, until {@link #crash}. */
    void haltBehindTheLastStep(String runId) {
        halted = runId;
    }

    /**
     * Waits until the halted run stands behind its last step.
     *
     * @throws IllegalStateException if it does not get there
     */
    void awaitLastStep() throws InterruptedException {
        if (!done.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(
                    "run " + halted + " did not get behind its last step under DBOS in " + PATIENCE_MINUTES
                            + " minutes; set its logger dev.dbos in simplelogger.properties to info to see why");
        }
    }

    /** Lets the halted run go, by an error that stands for the end of the process. */
    void crash() {
        crash.countDown();
    }

    /** How many bodies ran. */
    int bodies() {
        return bodies.get();
    }

    @Override
    @Workflow(name = "benchmark")
    public int run(int steps, int bytes) {
        Load load = new Load(steps, bytes);
        Payload payload = new Payload(load);
        String runId = DBOS.workflowId();
        LapClock clock = clocks.computeIfAbsent(runId, id -> new LapClock(load, Turn.ALONE));
        clock.begin();
        int length = 0;
        for (int i = 0; i < steps; i++) {
            int step = i;
            length += dbos.runStep(() -> body(payload, step), "step").length();
            clock.done(i);
        }
        if (runId.equals(halted)) {
            done.countDown();
            endWithTheProcess();
        }
        return length;
    }

    private String body(Payload payload, int step) {
        bodies.incrementAndGet();
        return payload.text(step);
    }

    private void endWithTheProcess() {
        boolean waits = true;
        while (waits) {
            try {
                crash.await();
                waits = false;
            } catch (InterruptedException e) {
                // DBOS interrupts what it leaves behind; a process that dies would not return either.
            }
        }
        throw new Crash();
    }

    /** What ends a thread whose process is gone. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the process of this run is gone", null, false, false);
        }
    }
}
