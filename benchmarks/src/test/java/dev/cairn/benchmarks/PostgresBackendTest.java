// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.servers.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** On the server that comes as a dependency; what is counted does not depend on the version. */
class PostgresBackendTest {
    private static final int STEPS = 200;
    // The server's own housekeeping, and what DBOS asks for now and then.
    private static final Offset<Double> BESIDES = within(0.3);

    private static PostgresBackend backend;

    @BeforeAll
    static void start() throws SQLException {
        backend = PostgresBackend.start(PostgresServer.Kind.POSTGRES18);
    }

    @AfterAll
    static void stop() {
        backend.close();
    }

    @Test
    @DisplayName("an insert by the plain driver is one request, one statement and one transaction")
    void raw() throws Exception {
        Counts counts = new StepCosts(backend, "raw").newStep(STEPS);

        assertThat(counts.of(Count.REQUESTS)).contains(1.0);
        assertThat(counts.of(Count.STATEMENTS)).contains(1.0);
        assertThat(counts.of(Count.TRANSACTIONS).orElseThrow()).isCloseTo(1, BESIDES);
        assertThat(counts.of(Count.LOG).orElseThrow()).isBetween(100.0, 1_000.0);
        assertThat(counts.of(Count.DISK)).isPresent();
    }

    @Test
    @DisplayName("DBOS runs its steps, and resumes by its own recovery without running a body again")
    void dbos() throws Exception {
        StepCosts counting = new StepCosts(backend, "dbos");

        Counts fresh = counting.newStep(STEPS);
        Counts replayed = counting.replayedStep(STEPS);

        assertThat(fresh.of(Count.TRANSACTIONS).orElseThrow()).isCloseTo(4, BESIDES);
        assertThat(replayed.of(Count.TRANSACTIONS).orElseThrow()).isCloseTo(2, BESIDES);
    }

    @Test
    @DisplayName("DBOS resumes one run after the other, each of them again and again")
    void dbosResumes() throws Exception {
        Load load = new Load(20, 100);
        try (Storage storage = backend.create();
                Contestant.Resuming dbos = storage.dbos().orElseThrow()) {
            for (String runId : List.of(RunIds.of("resumed", 0, 0), RunIds.of("resumed", 0, 1))) {
                dbos.record(runId, load);

                assertThat(dbos.resume(runId, load)).isPositive();
                assertThat(dbos.resume(runId, load)).isPositive();
            }
        }
    }

    @Test
    @DisplayName("nothing is left of storage that was closed")
    void dropped() throws Exception {
        String count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'bench%'";

        Storage storage = backend.createCounted();

        assertThat(backend.text(count)).isEqualTo("1");
        storage.close();
        assertThat(backend.text(count)).isEqualTo("0");
    }
}
