// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.release;
import static dev.cairn.store.sqlite.StoreFile.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Claim;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimTest {
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

    private static Claim claim(int limit, WorkflowVersions... workflows) {
        return new Claim(LeaseId.random(), List.of(workflows), limit, LEASE, Bytes.utf8("{}"));
    }

    private static WorkflowVersions flow() {
        return new WorkflowVersions("flow", 1, Set.of(1));
    }

    private static List<String> ids(List<Granted> granted) {
        return granted.stream().map(g -> g.lease().runId()).toList();
    }

    @Test
    @DisplayName("STEP-09 a due run with a hole is not claimed, left as it is, and keeps no other from being claimed")
    void damagedRunIsPassedOver() {
        Lease damaged = createRun(store, "a");
        append(store, step(damaged, 1));
        append(store, step(damaged, 2));
        release(store, damaged);
        release(store, createRun(store, "b"));
        file.sql("DELETE FROM cairn_entry WHERE id & 16777215 = 1");
        String before = file.query("SELECT token || hex(lease) || due FROM cairn_head WHERE run_id = 'a'");

        List<Granted> granted = store.claim(claim(10, flow()));

        assertThat(ids(granted)).containsExactly("b");
        assertThat(file.query("SELECT token || hex(lease) || due FROM cairn_head WHERE run_id = 'a'"))
                .isEqualTo(before);
        assertThat(file.query("SELECT count(*) FROM cairn_entry")).isEqualTo("4");
    }
}
