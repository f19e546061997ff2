// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.append;
import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.entries;
import static dev.cairn.store.postgres.TestSchema.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cairn;
import dev.cairn.Workflow;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Tier;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary and its synchronous standby. */
@Timeout(240)
final class StandbyTest {
    private static final int RUNS = 8;
    private static final int STEPS = 150;

    @Test
    @DisplayName(
            "the standby is promoted while runs are under way: with the URL that names both, every run completes, and no body whose step was recorded runs again")
    void promotedWhileRunsAreUnderWay() throws Exception {
        try (PostgresServer primary = PostgresServer.start(Map.of());
                TestSchema schema = new TestSchema(primary)) {
            schema.open().close();
            PostgresServer standby = primary.standby();
            try (Cairn cairn =
                    Cairn.open(both(primary, standby, schema) + "&tier=node-loss&on-weak=refuse&pool-timeout=2s")) {
                Map<String, AtomicInteger> bodies = new ConcurrentHashMap<>();
                AtomicInteger done = new AtomicInteger();
                Workflow<Integer, Integer> counting = counting(bodies, done);
                ExecutorService threads = Executors.newFixedThreadPool(RUNS);
                List<Future<Integer>> runs = new ArrayList<>();
                for (int i = 0; i < RUNS; i++) {
                    String id = "run" + i;
                    runs.add(threads.submit(() -> untilCompleted(cairn, counting, id)));
                }
                while (done.get() < RUNS * STEPS / 4) {
                    Thread.sleep(2);
                }

                primary.kill();
                standby.promote();

                for (Future<Integer> run : runs) {
                    assertThat(run.get()).isEqualTo(STEPS);
                }
                threads.shutdown();
                // A body that ran when the primary went may run again, at most once a run; one that was recorded never.
                assertThat(bodies.values()).allMatch(times -> times.get() <= 2);
                assertThat(bodies.values().stream()
                                .filter(times -> times.get() == 2)
                                .count())
                        .isLessThanOrEqualTo(RUNS);
                assertThat(bodies).hasSize(RUNS * STEPS);
            } finally {
                standby.close();
            }
        }
    }

    private static String both(PostgresServer primary, PostgresServer standby, TestSchema schema) {
        return "postgresql://" + primary.user() + ":" + primary.password() + "@" + primary.host() + ":"
                + primary.port() + "," + standby.host() + ":" + standby.port() + "/" + primary.database()
                + "?schema-name=" + schema.name + "&targetServerType=primary&connectTimeout=2";
    }

    private static Workflow<Integer, Integer> counting(Map<String, AtomicInteger> bodies, AtomicInteger done) {
        return Workflow.named("counting")
                .input(Integer.class)
                .output(Integer.class)
                .define((run, steps) -> {
                    for (int i = 0; i < steps; i++) {
                        String key = "step" + i;
                        run.step(
                                key,
                                Integer.class,
                                step -> bodies.computeIfAbsent(run.id() + key, k -> new AtomicInteger())
                                        .incrementAndGet());
                        done.incrementAndGet();
                    }
                    return steps;
                });
    }

    /** As a worker would: what was interrupted is run again. */
    private static int untilCompleted(Cairn cairn, Workflow<Integer, Integer> workflow, String id)
            throws InterruptedException {
        while (true) {
            try {
                return cairn.run(workflow, id, STEPS);
            } catch (dev.cairn.error.CairnException e) {
                Thread.sleep(100);
            }
        }
    }

    @Test
    @DisplayName(
            "CRASH-10 a wait for the standby that was cancelled is an unknown outcome, and its repeat is acknowledged only once the standby has it")
    void cancelledWaitIsUnknown() throws Exception {
        try (PostgresServer primary = PostgresServer.start(Map.of());
                TestSchema schema = new TestSchema(primary)) {
            PostgresStateStore store = schema.open();
            Lease lease = createRun(store, "r");
            PostgresServer standby = primary.standby();
            assertThat(store.facts().tier()).isEqualTo(Tier.NODE_LOSS);
            assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
            Entry entry = step(lease, 2);
            ExecutorService threads = Executors.newFixedThreadPool(1);

            standby.stop();
            Future<Appended> first = threads.submit(() -> append(store, entry));
            cancelWaiting(primary);
            assertThat(first.get())
                    .isInstanceOfSatisfying(
                            Appended.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .isInstanceOf(OutcomeUnknownException.class)
                                    .hasMessageContaining("synchronous standby"));

            // The entry stands on the primary, for all to see; that is not yet an acknowledgement.
            assertThat(entries(store, "r")).contains(entry);
            Future<Appended> second = threads.submit(() -> append(store, entry));
            cancelWaiting(primary);
            assertThat(second.get()).isInstanceOf(Appended.Failed.class);

            Future<Appended> third = threads.submit(() -> append(store, entry));
            standby.restart();
            assertThat(third.get()).isEqualTo(new Appended.Taken(entry));

            primary.kill();
            standby.promote();
            try (TestSchema copy = new TestSchema(standby)) {
                assertThat(copy.query("select count(*) from " + schema.name + ".cairn_entry where place = 2"))
                        .containsExactly("1");
            }
            threads.shutdown();
            standby.close();
        }
    }

    /** Cancels the request that waits for the standby, once there is one. */
    private static void cancelWaiting(PostgresServer primary) throws Exception {
        try (Connection admin = DriverManager.getConnection(primary.adminJdbcUrl());
                Statement statement = admin.createStatement()) {
            while (true) {
                var cancelled = statement.executeQuery(
                        "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
                if (cancelled.next()) {
                    return;
                }
                Thread.sleep(5);
            }
        }
    }

    @Test
    @DisplayName(
            "a standby is refused at open, and so is a primary without one where the loss of a node is to be survived")
    void refused() {
        try (PostgresServer primary = PostgresServer.start(Map.of());
                TestSchema schema = new TestSchema(primary)) {
            assertThatThrownBy(() -> schema.open("&tier=node-loss&on-weak=refuse"))
                    .isInstanceOf(StorageUnusableException.class)
                    .hasMessageContaining("set synchronous_standby_names");
            schema.open().close();
            PostgresServer standby = primary.standby();
            assertThatThrownBy(() -> new PostgresStoreProvider()
                            .open(dev.cairn.spi.StoreUrl.parse(standby.url() + "?schema-name=" + schema.name)))
                    .isInstanceOf(StorageUnusableException.class)
                    .hasMessageContaining("takes no writes");
            schema.open("&tier=node-loss&on-weak=refuse").close();
            standby.close();
        }
    }
}
