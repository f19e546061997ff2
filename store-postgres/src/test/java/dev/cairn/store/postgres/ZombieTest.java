// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.ResumeState;
import dev.cairn.Workflow;
import dev.cairn.error.CairnException;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.state.RunStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Two processes on the same runs, with short leases, that are stopped for longer than those and go on as zombies. */
@Timeout(300)
@DisabledOnOs(OS.WINDOWS)
final class ZombieTest {
    private static final int RUNS = 100;
    private static final int STEPS = 100;
    private static final int THREADS = 8;
    private static final Duration LEASE = Duration.ofMillis(200);

    private static Workflow<Integer, Integer> workflow() {
        return Workflow.named("zombies")
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
    }

    /** Runs all runs to their end, in an order of its own. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) throws Exception {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                ids.add("run" + i);
            }
            Collections.shuffle(ids, new Random(Long.parseLong(arguments[1])));
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try (Cairn cairn = Cairn.builder(arguments[0]).lease(LEASE).build()) {
                System.out.println("ready");
                List<Future<Integer>> runs = new ArrayList<>();
                for (String id : ids) {
                    runs.add(threads.submit(() -> untilCompleted(cairn, id)));
                }
                for (Future<Integer> run : runs) {
                    if (run.get() != STEPS * (STEPS - 1) / 2) {
                        throw new AssertionError("a run has another result");
                    }
                }
            } finally {
                threads.shutdown();
            }
            System.out.println("done");
        }

        private static int untilCompleted(Cairn cairn, String id) throws InterruptedException {
            while (true) {
                try {
                    return cairn.run(workflow(), id, STEPS);
                } catch (CairnException e) {
                    System.out.println("told " + e.getClass().getSimpleName() + " " + e.getMessage());
                    Thread.sleep(20);
                }
            }
        }
    }

    @Test
    @DisplayName(
            "two processes, 100 runs of 100 steps, takeovers by pauses: nothing is lost or doubled, and no deadlock reaches the caller")
    void nothingLostNothingDoubled() throws Exception {
        try (TestSchema schema = new TestSchema();
                PostgresStateStore store = schema.open()) {
            long seed = System.nanoTime();
            System.out.println("seed of the pauses: " + seed);
            List<Process> workers = List.of(start(schema, 1), start(schema, 2));
            ExecutorService readers = Executors.newFixedThreadPool(2);
            List<Future<List<String>>> outputs = new ArrayList<>();
            for (Process worker : workers) {
                BufferedReader lines = worker.inputReader(StandardCharsets.UTF_8);
                assertThat(lines.readLine()).isEqualTo("ready");
                outputs.add(readers.submit(() -> lines.lines().toList()));
            }
            int pauses = pauseInTurns(workers, new Random(seed));

            List<String> told = new ArrayList<>();
            for (int i = 0; i < workers.size(); i++) {
                assertThat(workers.get(i).waitFor()).isZero();
                told.addAll(outputs.get(i).get());
            }
            readers.shutdown();
            assertThat(Collections.frequency(told, "done")).isEqualTo(2);
            assertThat(told).noneMatch(line -> line.contains("40P01") || line.contains("deadlock"));
            int takeovers = 0;
            for (int i = 0; i < RUNS; i++) {
                takeovers += assertThatRunIsWhole(store, "run" + i);
            }
            System.out.println(pauses + " pauses, " + takeovers + " takeovers");
            assertThat(takeovers).isPositive();
        }
    }

    private static Process start(TestSchema schema, int seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        schema.url(),
                        "" + seed)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Stops one and then the other, each for longer than a lease, until one has ended. */
    private static int pauseInTurns(List<Process> workers, Random random) throws Exception {
        int pauses = 0;
        while (workers.stream().allMatch(Process::isAlive)) {
            Process worker = workers.get(pauses % 2);
            Thread.sleep(100 + random.nextInt(300));
            signal(worker, "STOP");
            Thread.sleep(LEASE.toMillis() + 50 + random.nextInt(200));
            signal(worker, "CONT");
            pauses++;
        }
        return pauses;
    }

    private static void signal(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, "" + process.pid())
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    /** Every step once, in order, none that does not count; how often the run was taken over. */
    private static int assertThatRunIsWhole(PostgresStateStore store, String id) {
        List<Entry> journal = TestSchema.entries(store, id);
        Fold fold = new Fold(id, journal.get(0).lease().incarnation());
        assertThat(journal).allMatch(fold::add);
        assertThat(fold.end()).isPresent();
        try (Cairn cairn = Cairn.using(store)) {
            ResumeState state = cairn.runs().read(id).orElseThrow();
            assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(state.steps()).hasSize(STEPS);
        }
        return (int) journal.stream().filter(entry -> entry.kind().isGrant()).count() - 1;
    }
}
