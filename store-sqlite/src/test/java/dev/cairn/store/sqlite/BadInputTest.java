// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.superseding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.RunQuery;
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
    @DisplayName("KEY-01 ids that differ only by case, spaces or Unicode form are different runs")
    void similarIdsAreDifferent() {
        List<String> ids = List.of("a", "A", " a", "a ", "\u00e9", "e\u0301", "a\u200b", "1", "01", "1.0");

        ids.forEach(id -> createRun(store, id));

        assertThat(ids).allMatch(id -> head(store, id).runId().equals(id));
        assertThat(file.query("SELECT count(*) FROM cairn_head")).isEqualTo("10");
    }

    @Test
    @DisplayName("KEY-02 ids with characters of SQL, globs and JSON match only themselves")
    void oddIdsMatchOnlyThemselves() {
        List<String> ids =
                List.of("%", "_", "*", "?", "[a]", "'", "\"", ";--", ":x", "$x", "{}", "\\", "a\nb", "\uD83D\uDE00");
        ids.forEach(id -> createRun(store, id));

        for (String id : ids) {
            assertThat(store.list(RunQuery.all().prefix(id).build()).runs())
                    .extracting(Head::runId)
                    .containsExactly(id);
        }
        assertThat(read(store, "x")).isEmpty();
    }

    @Test
    @DisplayName("KEY-03 namespace and id do not run into each other")
    void namespaceAndIdStayApart() {
        createRun(file.open("a"), "b:c");

        assertThat(read(file.open("a:b"), "c")).isEmpty();
        assertThat(read(file.open("a"), "b:c")).isPresent();
    }

    @Test
    @DisplayName("KEY-04 an id of 255 bytes works, one of 256 is refused before anything is written")
    void longestIdWorks() {
        String longest = "é".repeat(127) + "a";
        createRun(store, longest);

        assertThat(head(store, longest).runId()).isEqualTo(longest);
        assertThatThrownBy(() -> store.signal(longest + "b", new Message("1", "x", Bytes.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("255");
    }

    @Test
    @DisplayName(
            "BIG-02 a signal, an entry or a grant over the limit is refused, nothing is written, the store goes on")
    void tooLargeIsRefused() {
        Lease lease = createRun(store, "a");
        Bytes large = Bytes.adopt(new byte[SqliteFacts.ENTRY_BYTES + 1]);
        Entry tooLarge = Entry.of(lease, 1, EntryKind.PLAIN, CommitId.of(lease.id(), 1), large);
        Acquire acquire = new Acquire("b", LeaseId.random(), LEASE, new Acquire.Take(superseding()), large);
        Message signal = new Message("1", "x", Bytes.adopt(new byte[(1 << 20) + 1]));
        String before = file.everything();

        assertThatThrownBy(() -> store.signal("a", signal)).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> store.acquire(acquire)).isInstanceOf(PayloadTooLargeException.class);
        assertThat(append(store, tooLarge))
                .isInstanceOfSatisfying(
                        Appended.Failed.class,
                        failed -> assertThat(failed.cause())
                                .isInstanceOf(PayloadTooLargeException.class)
                                .hasMessageContainingAll("run a", "4194305", "4194304"));
        assertThat(file.everything()).isEqualTo(before);
        assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
    }

    @Test
    @DisplayName("BIG-01 an entry at the limit comes back after reopening")
    void largestEntryComesBack() {
        Lease lease = createRun(store, "a");
        Entry largest = step(lease, 1, "x".repeat(SqliteFacts.ENTRY_BYTES));

        Appended answer = append(store, largest);
        store.close();

        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(entries(file.open(), "a")).endsWith(largest);
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
