// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.spi.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
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
