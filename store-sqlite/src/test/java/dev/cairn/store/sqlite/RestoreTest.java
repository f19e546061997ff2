// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Settle;
import dev.cairn.state.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoreTest {
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

    private Lease naming(Lease lease) {
        Incarnation beside = Incarnation.random();
        store.settle(Settle.of(lease, HeadChange.naming(beside).build()));
        return lease.over(beside);
    }

    private static Entry first(Lease lease) {
        return Entry.grant(lease, 0, EntryKind.GRANT, Bytes.utf8("{\"restored\":1}"));
    }

    @Test
    @DisplayName("SNAP-02 the first entry of an incarnation is written only under the lease that stands and names it")
    void onlyANamedIncarnationBegins() {
        Lease lease = createRun(store, "a");
        Lease named = naming(lease);
        Lease unnamed = lease.over(Incarnation.random());
        Lease stranger = new Lease("a", named.incarnation(), LeaseId.random(), named.token());
        Lease otherToken = new Lease("a", named.incarnation(), named.id(), named.token() + 1);
        String before = file.everything();

        List<Appended> refused = Stream.of(unnamed, stranger, otherToken)
                .map(other -> append(store, first(other)))
                .toList();

        assertThat(refused).containsOnly(new Appended.Fenced());
        assertThat(file.everything()).isEqualTo(before);
        assertThat(append(store, first(named))).isEqualTo(new Appended.Written());
        assertThat(append(store, first(named))).isEqualTo(new Appended.Taken(first(named)));
    }

    @Test
    @DisplayName("SNAP-02 after a takeover no incarnation of the old lease begins")
    void supersededRestoreDoesNotBegin() {
        Lease named = naming(createRun(store, "a"));
        takeOver(store, "a");

        Appended answer = append(store, first(named));

        assertThat(answer).isEqualTo(new Appended.Fenced());
        assertThat(file.query("SELECT count(*) FROM cairn_journal")).isEqualTo("1");
    }
}
