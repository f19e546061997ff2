// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.release;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.RunQuery;
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
    @DisplayName("SNAP-01 a reader sees the old run until the switch, and then the new one alone")
    void switchIsAtOnce() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        List<Entry> old = entries(store, "a");
        Lease beside = naming(lease);
        append(store, first(beside));
        append(store, step(beside, 1, "new"));
        List<Entry> before = entries(file.open(), "a");

        store.settle(Settle.of(
                lease,
                HeadChange.ready(Due.now()).switchingTo(beside.incarnation(), 0).build()));

        assertThat(before).isEqualTo(old);
        assertThat(entries(file.open(), "a")).containsExactly(first(beside), step(beside, 1, "new"));
        assertThat(head(store, "a").beside()).containsOnlyKeys(lease.incarnation());
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

    @Test
    @DisplayName("SNAP-05 what a cut restore left goes with a sweep past the fence time, and the run stays")
    void cutRestoreIsSwept() {
        Lease lease = createRun(store, "a");
        Lease named = naming(lease);
        append(store, first(named));
        release(store, lease);
        file.sql("UPDATE cairn_head SET beside = replace(beside, ':1', ':')");
        Head head = store.list(RunQuery.all().among(RunQuery.Among.SWEEPABLE).build())
                .runs()
                .get(0);

        Erased answer = store.erase(List.of(new Erase.Fences("a", head.incarnation(), head.token(), head.changed())))
                .get(0);

        assertThat(answer).isEqualTo(Erased.ERASED);
        assertThat(file.query("SELECT count(*) FROM cairn_journal")).isEqualTo("1");
        assertThat(head(store, "a").beside()).isEmpty();
        assertThat(entries(store, "a")).hasSize(1);
    }
}
