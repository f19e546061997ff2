// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cairn.Cairn;
import dev.cairn.Workflow;
import dev.cairn.error.StoreUnavailableException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool whose connections are all held by the very threads that ask for one more. */
@Timeout(120)
final class PoolTest {
    private static final Workflow<String, String> ECHO = Workflow.named("echo")
            .input(String.class)
            .output(String.class)
            .define((run, input) -> run.step("echo", String.class, step -> input));

    @Test
    @DisplayName(
            "ten threads that each hold a connection of a pool of ten get a clear error within its time-out, and the pool recovers")
    void everybodyHoldsOne() throws Exception {
        try (TestSchema schema = new TestSchema();
                HikariDataSource pool = pool(schema)) {
            PostgresStateStore store =
                    PostgresStateStore.builder(pool).schemaName(schema.name).open();
            try (Cairn cairn = Cairn.using(store)) {
                // Two at a time ask the pool: one after the other, the last ones would be told that both are busy.
                for (Object outcome : whileHolding(pool, cairn)) {
                    assertThat(outcome).isInstanceOf(StoreUnavailableException.class);
                    assertThat(((Exception) outcome).getMessage())
                            .contains("the pool gave no connection within its time-out")
                            .contains("waits for itself");
                }
                assertThat(cairn.run(ECHO, "afterwards", "hello")).isEqualTo("hello");
            }
            store.close();
        }
    }

    private static HikariDataSource pool(TestSchema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.server.jdbcUrl());
        config.setMaximumPoolSize(10);
        config.setConnectionTimeout(3000);
        return new HikariDataSource(config);
    }

    private static List<Object> whileHolding(HikariDataSource pool, Cairn cairn) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(10);
        CyclicBarrier allHold = new CyclicBarrier(10);
        CyclicBarrier allAsked = new CyclicBarrier(10);
        List<Future<Object>> outcomes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String id = "run-" + i;
            outcomes.add(threads.submit(() -> {
                try (Connection held = pool.getConnection()) {
                    held.setAutoCommit(false);
                    held.createStatement().execute("select 1");
                    allHold.await();
                    Object outcome;
                    try {
                        outcome = cairn.run(ECHO, id, "hello");
                    } catch (StoreUnavailableException e) {
                        outcome = e;
                    }
                    allAsked.await();
                    held.rollback();
                    return outcome;
                }
            }));
        }
        List<Object> all = new ArrayList<>();
        for (Future<Object> outcome : outcomes) {
            all.add(outcome.get());
        }
        threads.shutdown();
        return all;
    }
}
