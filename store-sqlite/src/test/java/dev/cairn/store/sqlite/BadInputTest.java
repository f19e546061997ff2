// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.state.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BadInputTest {
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
    @DisplayName("CAP-03 a place beyond what a journal holds is refused, also for the last one's successor")
    void lastPlaceIsTheLimit() {
        Lease lease = createRun(store, "a");
        file.sql("UPDATE cairn_entry SET id = id + 16777214");

        Appended last = append(store, step(lease, 16_777_215));
        Appended beyond = append(store, step(lease, 16_777_216));

        assertThat(last).isEqualTo(new Appended.Written());
        assertThat(beyond)
                .isInstanceOfSatisfying(
                        Appended.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("16777216"));
        assertThat(file.query("SELECT count(*) FROM cairn_entry")).isEqualTo("2");
    }

    @Test
    @DisplayName("BAD-01 a file that is null is refused")
    void nullFileIsRefused() {
        assertThatThrownBy(() -> SqliteStateStore.builder((Path) null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    @DisplayName("BAD-03 flipped, cut and swapped bytes are corrupt, naming run and place, never returned")
    void changedBytesAreCorrupt() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        for (String change : List.of(
                "body = CAST('x' || body AS BLOB)",
                "body = x''",
                "lease = x'00'",
                "commit_id = randomblob(16)",
                "checksum = checksum + 1",
                "kind = 3",
                "token = token + 1")) {
            file.sql("UPDATE cairn_entry SET " + change + " WHERE id & 16777215 = 1");

            assertThatThrownBy(() -> entries(store, "a"))
                    .as(change)
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContainingAll("run a", "place 1");

            file.sql("DELETE FROM cairn_entry WHERE id & 16777215 = 1");
            append(store, step(lease, 1));
        }
    }

    @Test
    @DisplayName("BAD-03 a damaged head, signal or mark is corrupt, naming the run")
    void damagedRowsAreCorrupt() {
        createRun(store, "a");
        createRun(store, "b");
        store.signal("b", new Message("1", "x", Bytes.utf8("v")));
        file.sql("UPDATE cairn_head SET labels = '{' WHERE run_id = 'a'");
        file.sql("UPDATE cairn_message SET payload = x'00'");

        assertThatThrownBy(() -> read(store, "a"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("run a");
        assertThatThrownBy(() -> read(store, "b"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContainingAll("run b", "signal 1");
    }
}
