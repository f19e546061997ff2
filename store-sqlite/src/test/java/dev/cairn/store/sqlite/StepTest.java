// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepTest {
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
    @DisplayName("STEP-08 a commit behind a free place, behind an end or of another lease is written nowhere")
    void commitThatMayNotStandIsFenced() {
        Lease ended = createRun(store, "a");
        complete(store, ended, 1);
        Lease open = createRun(store, "b");
        Lease stranger = new Lease("b", open.incarnation(), LeaseId.random(), open.token());
        Lease otherToken = new Lease("b", open.incarnation(), open.id(), open.token() + 1);
        String before = file.everything();

        List<Appended> answers = List.of(
                append(store, step(ended, 2)),
                append(store, step(open, 2)),
                append(store, step(stranger, 1)),
                append(store, step(otherToken, 1)),
                append(store, step(createRun(file.open("elsewhere"), "c"), 1)));

        assertThat(answers).containsOnly(new Appended.Fenced());
        assertThat(file.everything()).startsWith(before.substring(0, 20));
        assertThat(entries(store, "a")).hasSize(2);
        assertThat(entries(store, "b")).hasSize(1);
    }
}
