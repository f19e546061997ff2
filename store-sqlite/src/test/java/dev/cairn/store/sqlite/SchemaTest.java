// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.Settle;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaTest {
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

    private String objects() {
        return file.query("SELECT group_concat(name || coalesce(sql, '')) FROM sqlite_schema");
    }

    private SqliteStateStore verifying() {
        return SqliteStateStore.builder(file.path).schema(SchemaMode.VERIFY).open();
    }

    @Test
    @DisplayName("SCHEMA-01 setup again changes nothing, and foreign objects are untouched")
    void setupAgainChangesNothing() {
        file.sql("CREATE TABLE mine (x)");
        file.sql("INSERT INTO mine VALUES (1)");
        createRun(store, "a");
        String before = objects() + file.everything();

        file.open();

        assertThat(objects() + file.everything()).isEqualTo(before);
        assertThat(file.query("SELECT x FROM mine")).isEqualTo("1");
    }

    @Test
    @DisplayName("SCHEMA-05 a file that asks for a newer reader is refused, and nothing is written")
    void newerReaderIsAskedFor() throws Exception {
        createRun(store, "a");
        store.close();
        file.sql("UPDATE cairn_meta SET schema_version = 3, minimum_reader = 2");
        byte[] before = Files.readAllBytes(file.path);

        assertThatThrownBy(() -> file.open())
                .isInstanceOf(SchemaTooNewException.class)
                .hasMessageContainingAll(file.path.toString(), "version 2", "reads up to 1");

        assertThat(Files.readAllBytes(file.path)).isEqualTo(before);
    }

    @Test
    @DisplayName("SCHEMA-05 a newer schema that may still be read works, and is left as it is")
    void newerSchemaThatMayBeReadWorks() {
        createRun(store, "a");
        file.sql("UPDATE cairn_meta SET schema_version = 2");
        file.sql("DROP INDEX cairn_entry_mark");
        file.sql(
                "CREATE INDEX cairn_entry_mark ON cairn_entry (id, kind, lease, token, checksum) WHERE kind <= 1 OR kind = 4");
        String before = objects();

        SqliteStateStore other = file.open();

        assertThat(entries(other, "a")).hasSize(1);
        assertThat(append(other, step(takeOver(other, "a"), 2))).isEqualTo(new Appended.Written());
        assertThat(objects()).isEqualTo(before);
    }

    @Test
    @DisplayName("SCHEMA-06 an entry of an unknown kind and a head of an unknown status raise a typed error")
    void unknownKindsAreTyped() {
        createRun(store, "a");
        createRun(store, "b");
        file.sql("UPDATE cairn_head SET status = 'ASTRAL' WHERE run_id = 'a'");
        file.sql("UPDATE cairn_entry SET kind = 77 WHERE id >> 24 = 2");

        assertThatThrownBy(() -> read(store, "a"))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("run a");
        assertThatThrownBy(() -> read(store, "b")).isInstanceOf(UnknownFormatException.class);
    }

    @Test
    @DisplayName("SCHEMA-07 verifying sends no DDL and names what is missing")
    void verifyingNamesWhatIsMissing() {
        file.sql("DROP VIEW cairn_steps");
        file.sql("DROP INDEX cairn_head_wake");
        String before = objects();

        assertThatThrownBy(this::verifying)
                .isInstanceOf(StorageUnusableException.class)
                .hasMessageContainingAll("cairn_steps", "cairn_head_wake", "SchemaMode.APPLY");

        assertThat(objects()).isEqualTo(before);
    }

    @Test
    @DisplayName("SCHEMA-07 verifying a complete file opens it, and a missing file is not created")
    void verifyingCreatesNothing(@TempDir Path empty) {
        Path missing = empty.resolve("runs.db");

        try (SqliteStateStore verified = verifying()) {
            createRun(verified, "a");
        }

        assertThatThrownBy(() -> SqliteStateStore.builder(missing)
                        .schema(SchemaMode.VERIFY)
                        .open())
                .isInstanceOf(StorageUnusableException.class)
                .hasMessageContaining(missing.toString());
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    @DisplayName("SCHEMA the views show runs and their steps with JSON, and nothing of deleted runs")
    void viewsShowRunsAndSteps() {
        Lease lease = granted(store.acquire(creating("a", newRun(RunStatus.READY, Labels.of(Map.of("k", "v"))))));
        String steps = "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"charge\",\"pos\":0,\"round\":0,"
                + "\"at\":1700000000123,\"ms\":12,\"value\":{\"cents\":5}},{\"key\":\"mail\",\"pos\":1,\"at\":1,"
                + "\"failure\":{\"type\":\"X\"}}]}";
        append(store, step(lease, 1, steps));
        store.settle(Settle.of(createRun(store, "gone"), HeadChange.gone(0).build()));

        assertThat(file.query("SELECT group_concat(run_id || ' ' || status || ' ' || labels) FROM cairn_runs"))
                .isEqualTo("a RUNNING {\"k\":\"v\"}");
        assertThat(file.query("SELECT run_id || place || step_key || position || value || recorded FROM cairn_steps"))
                .isEqualTo("a1charge0{\"cents\":5}2023-11-14T22:13:20.123Z");
        assertThat(file.query("SELECT failure FROM cairn_steps WHERE step_key = 'mail'"))
                .isEqualTo("{\"type\":\"X\"}");
        assertThat(file.query("SELECT created GLOB '20??-??-??T*Z' FROM cairn_runs"))
                .isEqualTo("1");
    }

    @Test
    @DisplayName("SCHEMA the view of steps does not fail on bodies that are not Cairn's JSON")
    void viewBearsOtherBytes() {
        Lease lease = createRun(store, "a");
        List<String> bodies =
                List.of("", "\u0000", "not json", "[1]", "7", "{\"steps\":7}", "{\"steps\":[7,\"x\",null]}");
        for (int i = 0; i < bodies.size(); i++) {
            append(store, step(lease, i + 1, bodies.get(i)));
        }
        byte[] broken = {(byte) 0xff, (byte) 0xfe, 0, '{'};
        long last = bodies.size() + 1L;
        append(store, Entry.of(lease, last, EntryKind.PLAIN, CommitId.of(lease.id(), last), Bytes.copyOf(broken)));

        assertThat(file.query("SELECT count(*) FROM cairn_steps")).isEqualTo("0");
        assertThat(file.query("SELECT count(*) FROM cairn_entry")).isEqualTo("9");
    }
}
