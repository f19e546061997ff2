// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

final class LifeTest {
    private StoreFile file;
    private SqliteStateStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = new StoreFile(folder);
        store = file.open();
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    @DisplayName("LIFE-01 closing is idempotent and safe from several threads")
    void closingTwiceIsOnce() throws Exception {
        createRun(store, "a");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Boolean>> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(() -> {
                store.close();
                return true;
            });
        }

        for (Future<Boolean> closed : threads.invokeAll(closers)) {
            assertThat(closed.get()).isTrue();
        }

        threads.shutdown();
        assertThat(entries(file.open(), "a")).hasSize(1);
    }

    @Test
    @DisplayName("LIFE-02 every call after close fails at once as closed, and writes nothing")
    void callsAfterCloseFail() {
        Lease lease = createRun(store, "a");
        String before = file.everything();
        store.close();

        List<Runnable> calls = List.of(
                () -> append(store, step(lease, 1)),
                () -> createRun(store, "b"),
                () -> complete(store, lease, 1),
                () -> read(store, "a"),
                () -> store.list(RunQuery.all().build()),
                () -> store.renew(List.of(new Renewal(lease, LEASE, ""))),
                () -> store.signal("a", new Message("1", "x", Bytes.empty())),
                () -> store.erase(List.of(new Erase.Leftover("a", lease.incarnation()))),
                () -> store.cacheClear("scope"),
                store::facts);

        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::run).isInstanceOf(StoreClosedException.class));
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("LIFE-03 calls under way while the store closes finish, or fail as closed")
    void callsUnderWayFinishOrFailTyped() throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            leases.add(createRun(store, "run " + i));
        }
        CountDownLatch begun = new CountDownLatch(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Long>> acknowledged = leases.stream()
                .map(lease -> threads.submit(() -> appendUntilClosed(lease, begun)))
                .toList();
        begun.await();

        store.close();

        SqliteStateStore reopened = file.open();
        for (int i = 0; i < 4; i++) {
            assertThat(entries(reopened, "run " + i))
                    .hasSize(acknowledged.get(i).get().intValue() + 1);
        }
        threads.shutdown();
    }

    private long appendUntilClosed(Lease lease, CountDownLatch begun) {
        long place = 0;
        try {
            while (append(store, step(lease, place + 1)) instanceof Appended.Written) {
                place++;
                begun.countDown();
            }
            throw new AssertionError("the step after " + place + " was not written, and no error said so");
        } catch (StoreClosedException e) {
            return place;
        }
    }

    @Test
    @DisplayName("LIFE-04 closing one instance disturbs neither another nor the team's DataSource")
    void closingOneLeavesTheOther() throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file.path);
        SqliteStateStore other = SqliteStateStore.builder(source).open();
        Lease lease = createRun(store, "a");

        other.close();

        assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
        try (Connection connection = source.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    @DisplayName("LEAK-01 after close no thread is left, and only the lock file stays beside the database")
    void nothingIsLeft() throws Exception {
        createRun(store, "a");
        read(store, "a");
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        SqliteStateStore other = file.open();
        createRun(other, "b");

        other.close();
        store.close();

        assertThat(before).containsAll(Thread.getAllStackTraces().keySet());
        try (Stream<Path> files = Files.list(file.path.getParent())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("runs.db", "runs.db.turn");
        }
    }

    @Test
    @DisplayName("RUN-16 a connection that is inside a transaction is refused with the way out, and nothing is written")
    void transactionIsRefused() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.path)) {
            connection.setAutoCommit(false);
            DataSource source = new OneConnection(connection);
            String before = file.everything();

            assertThatThrownBy(() -> SqliteStateStore.builder(source).open())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("inside a transaction", "autoCommit mode");

            assertThat(file.everything()).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("RUN-16 a connection that enters a transaction later is refused by the call that meets it")
    void laterTransactionIsRefused() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.path);
                SqliteStateStore shared =
                        SqliteStateStore.builder(new OneConnection(connection)).open()) {
            Lease lease = createRun(shared, "a");
            connection.setAutoCommit(false);

            assertThatThrownBy(() -> append(shared, step(lease, 1))).isInstanceOf(IllegalStateException.class);

            connection.setAutoCommit(true);
            assertThat(append(shared, step(lease, 1))).isEqualTo(new Appended.Written());
        }
    }

    @Test
    @DisplayName("CONC-04 32 threads on one instance lose and double nothing")
    void manyThreadsLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        List<Callable<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String id = "run " + i;
            runs.add(() -> {
                Lease lease = createRun(store, id);
                for (int place = 1; place <= 10; place++) {
                    append(store, step(lease, place));
                }
                return entries(store, id).size();
            });
        }

        List<Integer> sizes = new ArrayList<>();
        for (Future<Integer> size : threads.invokeAll(runs)) {
            sizes.add(size.get());
        }

        threads.shutdown();
        assertThat(sizes).hasSize(32).containsOnly(11);
    }

    @Test
    @DisplayName("CONC-05 an interrupted caller gets a typed error, keeps its flag, and poisons nothing")
    void interruptedCallerIsTold() {
        Lease lease = createRun(store, "a");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> append(store, step(lease, 1))).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> read(store, "a")).isInstanceOf(StoreUnavailableException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(entries(store, "a")).hasSize(1);
        assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
    }

    @Test
    @DisplayName("CRASH-07 a writer that others hold up fails within its bound, unchanged, and recovers by itself")
    void heldUpWriterIsUnavailable() throws Exception {
        SqliteStateStore hasty = file.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(20)).build());
        Lease lease = createRun(store, "a");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file.path);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() -> append(hasty, step(lease, 1)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("lock bound");
            assertThatThrownBy(() -> createRun(hasty, "b")).isInstanceOf(StoreUnavailableException.class);

            assertThat(entries(hasty, "a")).hasSize(1);
            statement.execute("ROLLBACK");
        }
        assertThat(append(hasty, step(lease, 1))).isEqualTo(new Appended.Written());
        assertThat(read(hasty, "b")).isEmpty();
    }
}
