// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.context.WorkflowOptions;
import org.jspecify.annotations.Nullable;

/**
 * DBOS Transact by its public API, with its own defaults. Its tables are its own, and so is how it takes up what another
 * process left: at its launch.
 */
final class DbosContestant implements Contestant.Resuming {
    static final String NAME = "dbos";

    private final Database database;
    private @Nullable Launch process;

    DbosContestant(Database database) {
        this.database = database;
    }

    /** What one process has of DBOS. */
    private record Launch(DBOS dbos, DbosSteps steps, DbosWorkflow proxy) {
        static Launch of(Database database) {
            DBOS dbos = new DBOS(DBOSConfig.defaults("benchmark")
                    .withDatabaseUrl(database.jdbcUrl())
                    .withDbUser(database.user())
                    .withDbPassword(database.password())
                    .withAppVersion("1"));
            DbosSteps steps = new DbosSteps(dbos);
            return new Launch(dbos, steps, dbos.registerProxy(DbosWorkflow.class, steps));
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int ready(int runs) {
        launched();
        return runs;
    }

    private Launch launched() {
        Launch running = process;
        if (running == null) {
            running = Launch.of(database);
            running.dbos().launch();
            process = running;
        }
        return running;
    }

    @Override
    public Laps run(String runId, Load load, Turn turn) {
        Launch running = launched();
        LapClock clock = running.steps().clock(runId, load, turn);
        int length = called(running, runId, load);
        Laps laps = clock.laps();
        if (length != load.steps() * load.bytes()) {
            throw new IllegalStateException("the steps returned " + length + " characters, expected were "
                    + load.steps() + " times " + load.bytes());
        }
        return laps;
    }

    @SuppressWarnings("try") // what is closed is the thread's options, which nobody names
    private static int called(Launch running, String runId, Load load) {
        try (WorkflowOptions.Guard options = new WorkflowOptions(runId).setContext()) {
            return running.proxy().run(load.steps(), load.bytes());
        }
    }

    @Override
    public void record(String runId, Load load) throws InterruptedException {
        // One that resumed a run stands behind its last step for good.
        close();
        Launch running = launched();
        running.steps().haltBehindTheLastStep(runId);
        Thread thread = new Thread(() -> called(running, runId, load), "dbos-" + runId);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, thrown) -> {}); // it ends with the process that it stands for
        thread.start();
        running.steps().awaitLastStep();
        close();
    }

    @Override
    public long resume(String runId, Load load) throws InterruptedException {
        close();
        Launch running = Launch.of(database);
        process = running;
        running.steps().haltBehindTheLastStep(runId);
        LapClock clock = running.steps().clock(runId, load, Turn.ALONE);
        running.dbos().launch();
        running.steps().awaitLastStep();
        if (running.steps().bodies() != 0) {
            throw new IllegalStateException("the resumed run " + runId + " ran "
                    + running.steps().bodies() + " bodies again; all were recorded");
        }
        return clock.inside();
    }

    @Override
    public void close() {
        Launch running = process;
        if (running != null) {
            process = null;
            running.dbos().close();
            running.steps().crash();
        }
    }
}
