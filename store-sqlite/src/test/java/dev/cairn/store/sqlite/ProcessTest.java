// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.superseding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one file: what one was told before it was killed, and whether two get on with each other. */
final class ProcessTest {
    private static final int KILLS = 20;

    private StoreFile file;

    @BeforeEach
    void name(@TempDir Path folder) {
        file = new StoreFile(folder);
    }

    @AfterEach
    void close() {
        file.close();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.path.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Appends steps to a run and prints each one that was acknowledged. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            String runId = arguments[1];
            long steps = Long.parseLong(arguments[2]);
            open(arguments[0] + "-warm").close(); // loads the classes before it is its turn
            System.out.println("ready");
            if (System.in.read() < 0) {
                throw new IOException("the parent is gone");
            }
            SqliteStateStore store = open(arguments[0]);
            Granted granted = (Granted) store.acquire(new Acquire(
                    runId,
                    LeaseId.random(),
                    LEASE,
                    new Acquire.CreateOrTake(newRun(), superseding()),
                    Bytes.utf8("{}")));
            Fold fold = new Fold(runId, granted.lease().incarnation());
            granted.page().entries().forEach(fold::add);
            for (long place = fold.length(); place < fold.length() + steps; place++) {
                Appended answer = append(store, step(granted.lease(), place, body(place)));
                System.out.println(answer instanceof Appended.Written ? place : answer);
                if (System.out.checkError()) {
                    throw new IOException("the parent is gone");
                }
            }
            if (arguments.length > 3) {
                System.out.println("other " + entries(store, arguments[3]).size());
            }
            store.close();
        }

        private static SqliteStateStore open(String path) {
            return SqliteStateStore.builder(Path.of(path))
                    .options(StoreFile.options().build())
                    .open();
        }

        static String body(long place) {
            return ("step " + place + " ").repeat(40);
        }
    }

    @Test
    @Timeout(120)
    @DisplayName("CRASH-04 after 20 random kills no acknowledged step is missing, doubled or torn")
    void killedWriterLosesNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of the kills: " + seed);
        Random random = new Random(seed);
        Set<Long> acknowledged = new HashSet<>();
        Process next = start("a", "1000000");
        for (int kill = 1; kill <= KILLS; kill++) {
            Process writer = next;
            try (BufferedReader lines = output(writer)) {
                begin(writer, lines);
                next = start("a", "1000000"); // gets ready meanwhile
                for (int line = random.nextInt(60); line >= 0; line--) {
                    assertThat(acknowledged.add(Long.valueOf(lines.readLine()))).isTrue();
                }
                busyWait(random.nextInt(3_000_000));
                writer.toHandle().destroyForcibly(); // SIGKILL, and what it printed can still be read
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    assertThat(acknowledged.add(Long.valueOf(line))).isTrue();
                }
            }
            assertThat(writer.waitFor()).isEqualTo(137);
            assertThatEverythingIsThere(acknowledged);
        }
        next.destroyForcibly();
    }

    private static void begin(Process writer, BufferedReader lines) throws IOException {
        assertThat(lines.readLine()).isEqualTo("ready");
        writer.getOutputStream().write('\n');
        writer.getOutputStream().flush();
    }

    /** To the microsecond, as no sleep is. */
    private static void busyWait(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private void assertThatEverythingIsThere(Set<Long> acknowledged) {
        try (SqliteStateStore store = file.open()) {
            List<Entry> entries = entries(store, "a");
            Fold fold = new Fold("a", entries.get(0).lease().incarnation());
            assertThat(entries).allMatch(fold::add);
            Set<Long> steps = new HashSet<>();
            for (Entry entry : entries) {
                if (!entry.kind().isGrant()) {
                    assertThat(entry.body().asUtf8()).isEqualTo(Writer.body(entry.place()));
                    assertThat(steps.add(entry.place())).isTrue();
                }
            }
            assertThat(steps).containsAll(acknowledged);
        }
    }

    @Test
    @Timeout(120)
    @DisplayName("CRASH-06 a killed process leaves no lock: the next one writes at once")
    void killedProcessLeavesNoLock() throws Exception {
        Process writer = start("a", "1000000");
        try (BufferedReader lines = output(writer)) {
            begin(writer, lines);
            lines.readLine();
            writer.toHandle().destroyForcibly();
            assertThat(writer.waitFor()).isEqualTo(137);
        }

        SqliteStateStore store = file.open(
                StoreOptions.builder().lockBound(Duration.ofSeconds(2)).build());

        Lease lease = createRun(store, "b");
        assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
    }

    @Test
    @Timeout(120)
    @DisplayName("LEASE-12 of two processes that write at the same time neither starves the other")
    void twoProcessesTakeTurns() throws Exception {
        int steps = 400;
        List<Process> writers = List.of(start("a", "" + steps, "b"), start("b", "" + steps, "a"));
        List<BufferedReader> outputs = writers.stream().map(ProcessTest::output).toList();
        for (int i = 0; i < 2; i++) {
            begin(writers.get(i), outputs.get(i));
        }

        // Whoever ends first says how far the other was: with SQLite's own wait it was at a four-hundredth.
        for (BufferedReader lines : outputs) {
            assertThat(othersEntries(lines)).isGreaterThan(steps / 4);
        }
        try (SqliteStateStore store = file.open()) {
            assertThat(entries(store, "a")).hasSize(steps + 1);
            assertThat(entries(store, "b")).hasSize(steps + 1);
        }
    }

    private static int othersEntries(BufferedReader lines) throws IOException {
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            last = line;
        }
        assertThat(last).startsWith("other ");
        return Integer.parseInt(last.substring("other ".length()));
    }

    @Test
    @DisplayName("CRASH-06 a process that died while it waited for its turn holds up nobody, and is forgotten")
    void flagOfTheDeadIsTakenDown() throws Exception {
        SqliteStateStore store = file.open();
        Lease lease = createRun(store, "a");
        Path turn = Path.of(file.path.toRealPath() + ".turn");
        byte[] free = Files.readAllBytes(turn);
        byte[] waitedFor = free.clone();
        waitedFor[4] = 1;
        Files.write(turn, waitedFor, StandardOpenOption.WRITE);

        Appended answer = append(store, step(lease, 1));

        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(Files.readAllBytes(turn)).isEqualTo(free).containsOnly(0);
    }

    @Test
    @DisplayName("LEASE-12 who waits for the turn has it before the one that gave it back has it again")
    void turnIsNotTakenBack() throws Exception {
        file.open();
        Path other = Path.of(file.path.toRealPath() + ".turn");
        assertThat(other).exists();
        SqliteTurn turn = SqliteTurn.share(file.path.toRealPath());
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        turn.take(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
        Thread waiting = new Thread(() -> {
            turn.take(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
            order.add("waiting");
            turn.give();
        });
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        turn.give();
        turn.take(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
        order.add("again");
        turn.give();
        waiting.join();
        turn.close();

        assertThat(order).containsExactly("waiting", "again");
    }
}
