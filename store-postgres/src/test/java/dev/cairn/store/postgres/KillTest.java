// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.entries;
import static dev.cairn.store.postgres.TestSchema.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server of its own that is ended by SIGKILL, all processes at once, while runs are written. */
@Timeout(180)
final class KillTest {
    private static final int KILLS = 3;
    private static final int RUNS = 4;

    @Test
    @DisplayName("CRASH-05 after SIGKILL of the server under load no acknowledged step is missing, doubled or torn")
    void killedServerLosesNothing() throws Exception {
        try (PostgresServer server = PostgresServer.start(Map.of());
                TestSchema schema = new TestSchema(server)) {
            PostgresStateStore store = schema.open("&lock-bound=30s&pool-timeout=1s");
            AtomicLong acknowledged = new AtomicLong();
            AtomicBoolean stop = new AtomicBoolean();
            ExecutorService threads = Executors.newFixedThreadPool(RUNS);
            List<Future<List<Entry>>> writers = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                Lease lease = createRun(store, "run" + i);
                writers.add(threads.submit(() -> write(store, lease, acknowledged, stop)));
            }

            for (int kill = 1; kill <= KILLS; kill++) {
                long before = acknowledged.get();
                while (acknowledged.get() < before + 200 * RUNS) {
                    Thread.sleep(1);
                }
                server.kill();
                server.restart();
            }
            stop.set(true);

            for (Future<List<Entry>> writer : writers) {
                assertThatAllIsThere(store, writer.get());
            }
            threads.shutdown();
        }
    }

    /** Appends, and repeats what is unknown or not done; what was acknowledged. */
    private static List<Entry> write(PostgresStateStore store, Lease lease, AtomicLong acknowledged, AtomicBoolean stop)
            throws InterruptedException {
        List<Entry> written = new ArrayList<>();
        for (long place = 1; !stop.get(); place++) {
            Entry entry = step(lease, place);
            while (!isWritten(store, entry)) {
                Thread.sleep(5);
            }
            written.add(entry);
            acknowledged.incrementAndGet();
        }
        return written;
    }

    private static boolean isWritten(PostgresStateStore store, Entry entry) {
        Appended answer = store.append(List.of(entry)).get(0);
        if (answer instanceof Appended.Failed failed) {
            assertThat(failed.cause()).isInstanceOfAny(OutcomeUnknownException.class, StoreUnavailableException.class);
            return false;
        }
        assertThat(answer).isIn(new Appended.Written(), new Appended.Taken(entry));
        return true;
    }

    private static void assertThatAllIsThere(PostgresStateStore store, List<Entry> acknowledged) {
        Lease lease = acknowledged.get(0).lease();
        List<Entry> journal = entries(store, lease.runId());
        Fold fold = new Fold(lease.runId(), lease.incarnation());
        assertThat(journal).allMatch(fold::add);
        assertThat(journal.subList(1, journal.size())).startsWith(acknowledged.toArray(Entry[]::new));
        assertThat(journal.size() - 1).isBetween(acknowledged.size(), acknowledged.size() + 1);
    }
}
