// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Due;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignalTest {
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

    private static Message message(String id) {
        return new Message(id, "approved", Bytes.utf8("{\"by\":\"" + id + "\"}"));
    }

    private Settled suspend(Lease lease, long seen) {
        HeadChange change =
                HeadChange.suspended(Set.of("approved"), Due.never(), seen).build();
        return store.settle(Settle.of(suspension(lease, 1), change));
    }

    private boolean isDue(String runId) {
        Page page = read(store, runId).orElseThrow();
        return page.head().isClaimable(page.storeTime());
    }

    @Test
    @DisplayName("SIG-01 a signal sent before the run waits is in its inbox and makes it due when it waits")
    void earlySignalIsKept() {
        Lease lease = createRun(store, "a");

        Signalled answer = file.open().signal("a", message("1"));
        suspend(lease, 0);

        assertThat(answer).isEqualTo(Signalled.STORED);
        assertThat(read(store, "a").orElseThrow().messages()).containsExactly(new Received(message("1"), 0));
        assertThat(isDue("a")).isTrue();
    }

    @Test
    @DisplayName("SIG-02 a signal makes the run that waits for it due, one that the holder has seen does not")
    void signalWakes() {
        Lease lease = createRun(store, "a");
        store.signal("a", message("seen"));
        suspend(lease, 1);
        boolean before = isDue("a");

        store.signal("a", message("new"));

        assertThat(before).isFalse();
        assertThat(isDue("a")).isTrue();
    }

    @Test
    @DisplayName("SIG-04 a signal sent again is delivered once, and order is the order of acknowledgement")
    void signalIsDeliveredOnce() {
        Lease lease = createRun(store, "a");
        store.signal("a", message("b"));
        store.signal("a", message("a"));

        Signalled again = file.open().signal("a", message("b"));

        assertThat(again).isEqualTo(Signalled.STORED);
        assertThat(read(store, "a").orElseThrow().messages())
                .containsExactly(new Received(message("b"), 0), new Received(message("a"), 1));
        assertThat(head(store, "a").signals()).isEqualTo(2);
        assertThat(entries(store, "a"))
                .containsExactly(entries(store, "a").get(0))
                .allMatch(e -> e.isUnder(lease));
    }

    @Test
    @DisplayName("SIG-05 a signal to an unknown, ended, deleted or arriving run says so and writes nothing")
    void signalToNobodyWritesNothing() {
        complete(store, createRun(store, "ended"), 1);
        store.settle(Settle.of(createRun(store, "gone"), HeadChange.gone(0).build()));
        store.acquire(creating("arriving", newRun(RunStatus.ARRIVING, Labels.NONE)));
        String before = file.everything();

        List<Signalled> answers = Stream.of("unknown", "ended", "gone", "arriving")
                .map(run -> store.signal(run, message("1")))
                .toList();

        assertThat(answers).containsExactly(Signalled.ABSENT, Signalled.ENDED, Signalled.ABSENT, Signalled.ARRIVING);
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("SIG-05 a signal to a deleted run does not reach a later run of the same id")
    void signalStaysWithItsIncarnation() {
        Lease lease = createRun(store, "a");
        store.signal("a", message("1"));
        store.settle(Settle.of(lease, HeadChange.gone(1).build()));

        createRun(store, "a");

        assertThat(read(store, "a").orElseThrow().messages()).isEmpty();
        assertThat(head(store, "a").signals()).isZero();
        assertThat(file.query("SELECT count(*) FROM cairn_message")).isEqualTo("0");
    }

    @Test
    @DisplayName("SIG-06 a due time is kept to the millisecond and never before the one that was asked for")
    void dueTimeIsNotEarlier() {
        Lease lease = createRun(store, "a");
        Instant due = Instant.parse("2031-03-30T01:30:00.000000001Z");

        Settled answer = store.settle(Settle.of(
                suspension(lease, 1),
                HeadChange.suspended(Set.of(), Due.at(due), 0).build()));

        Instant kept = Instant.parse("2031-03-30T01:30:00.001Z");
        assertThat(head(store, "a").due()).contains(kept);
        assertThat(((Settled.Done) answer).head()).isEqualTo(head(store, "a"));
        assertThat(isDue("a")).isFalse();
    }

    @Test
    @DisplayName("SIG-07 a delete is refused if a signal was acknowledged that its expectation did not see")
    void unseenSignalStopsDelete() {
        Lease lease = createRun(store, "a");
        store.signal("a", message("1"));
        String before = file.everything();

        Settled answer = store.settle(Settle.of(lease, HeadChange.gone(0).build()));

        assertThat(answer).isInstanceOf(Settled.Signalled.class);
        assertThat(file.everything()).isEqualTo(before);
    }
}
