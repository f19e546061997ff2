// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.append;
import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.entries;
import static dev.cairn.store.postgres.TestSchema.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.Workflow;
import dev.cairn.servers.PgBouncer;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.spi.StoreUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** pgbouncer in transaction mode: two server connections for everybody, handed over after each transaction. */
@Timeout(120)
final class PoolerTest {
    private static final Workflow<Integer, Integer> STEPS = Workflow.named("steps")
            .input(Integer.class)
            .output(Integer.class)
            .define((run, steps) -> {
                int sum = 0;
                for (int i = 0; i < steps; i++) {
                    int value = i;
                    sum += run.step("step" + i, Integer.class, step -> value);
                }
                return sum;
            });

    @Test
    @DisplayName(
            "a pooler in transaction mode is noticed, and everything works behind it: nothing is prepared, nothing is set for long")
    void behindPooler() throws Exception {
        try (TestSchema schema = new TestSchema();
                PgBouncer bouncer = bouncer(schema)) {
            String url = bouncer.url() + "?schema-name=" + schema.name;
            try (PostgresStateStore store = (PostgresStateStore) new PostgresStoreProvider().open(StoreUrl.parse(url));
                    Cairn cairn = Cairn.using(store)) {
                assertThat(store.facts().settings()).containsEntry("pooler", "yes");
                ExecutorService threads = Executors.newFixedThreadPool(6);
                List<Future<Integer>> sums = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    String id = "run" + i;
                    sums.add(threads.submit(() -> cairn.run(STEPS, id, 40)));
                }
                for (Future<Integer> sum : sums) {
                    assertThat(sum.get()).isEqualTo(780);
                }
                threads.shutdown();
            }
            // What a request sets ends with it: the server connections that others get next are as they were.
            assertThat(setByUs(bouncer)).isEqualTo("0");
            try (TestSchema direct = new TestSchema(schema.server)) {
                assertThat(direct.open().facts().settings()).containsEntry("pooler", "no");
            }
        }
    }

    private static String setByUs(PgBouncer bouncer) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(bouncer.jdbcUrl());
        source.setPrepareThreshold(0);
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select current_setting('lock_timeout'), (select count(*) from pg_prepared_statements)")) {
            row.next();
            assertThat(row.getString(2)).isEqualTo("0");
            return row.getString(1);
        }
    }

    @Test
    @DisplayName("a team's DataSource behind a pooler works as well, whatever its driver prepares by itself")
    void teamsDataSource() {
        try (TestSchema schema = new TestSchema();
                PgBouncer bouncer = bouncer(schema)) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(bouncer.jdbcUrl());
            source.setPrepareThreshold(1);
            try (PostgresStateStore store =
                    PostgresStateStore.builder(source).schemaName(schema.name).open()) {
                Lease lease = createRun(store, "r");
                for (int place = 1; place <= 20; place++) {
                    assertThat(append(store, step(lease, place))).isEqualTo(new Appended.Written());
                }
                assertThat(entries(store, "r")).hasSize(21);
            }
        }
    }

    private static PgBouncer bouncer(TestSchema schema) {
        // CI names the servers that it wants and installs pgbouncer; there it must not be missing.
        boolean required = System.getProperty("cairn.servers") != null;
        var bouncer = PgBouncer.inFrontOf(schema.server, 2);
        assertThat(bouncer.isPresent() || !required)
                .as("pgbouncer is installed")
                .isTrue();
        Assumptions.assumeTrue(bouncer.isPresent(), "pgbouncer is not installed");
        return bouncer.get();
    }
}
