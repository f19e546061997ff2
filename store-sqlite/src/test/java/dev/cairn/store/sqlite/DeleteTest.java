// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.end;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeleteTest {
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

    private Lease completed(String runId) {
        Lease lease = createRun(store, runId);
        complete(store, lease, 1);
        return lease;
    }

    private static Erase.Ended ended(Head head) {
        return new Erase.Ended(head.runId(), head.incarnation(), head.token(), head.changed());
    }

    private String rows() {
        return Stream.of("cairn_head", "cairn_journal", "cairn_entry", "cairn_message")
                .map(table -> file.query("SELECT count(*) FROM " + table))
                .collect(Collectors.joining(" "));
    }

    @Test
    @DisplayName("DEL-01 a deleted run is gone from every read, and from the storage but for its head")
    void deletedRunIsGone() {
        Lease lease = createRun(store, "a");
        store.signal("a", new Message("1", "x", Bytes.utf8("1")));
        store.settle(Settle.of(lease, HeadChange.gone(1).build()));

        List<Erased> answers = store.erase(List.of(new Erase.Leftover("a", lease.incarnation())));

        assertThat(answers).containsExactly(Erased.ERASED);
        assertThat(read(store, "a")).isEmpty();
        assertThat(store.list(RunQuery.all().build()).runs()).isEmpty();
        assertThat(store.signal("a", new Message("2", "x", Bytes.utf8("1")))).isEqualTo(Signalled.ABSENT);
        assertThat(rows()).isEqualTo("1 0 0 0");
    }

    @Test
    @DisplayName("DEL-01 what is left of a deleted run goes with a sweep past the fence time, not before")
    void fencesAreSwept() {
        Lease lease = createRun(store, "a");
        store.settle(Settle.of(lease, HeadChange.gone(0).build()));
        RunQuery sweepable = RunQuery.all().among(RunQuery.Among.SWEEPABLE).build();
        Head young = store.list(sweepable).runs().get(0);
        Erased early = store.erase(List.of(fences(young))).get(0);
        file.sql("UPDATE cairn_head SET changed = changed - 3700000");

        Erased late = store.erase(List.of(fences(store.list(sweepable).runs().get(0))))
                .get(0);

        assertThat(List.of(early, late)).containsExactly(Erased.KEPT, Erased.ERASED);
        assertThat(rows()).isEqualTo("0 0 0 0");
    }

    private static Erase.Fences fences(Head head) {
        return new Erase.Fences(head.runId(), head.incarnation(), head.token(), head.changed());
    }

    @Test
    @DisplayName("DEL-02 erasing again, and erasing what never was, is safe")
    void erasingAgainIsSafe() {
        Lease lease = completed("a");
        Head head = head(store, "a");
        List<Erase> erases = List.of(ended(head), new Erase.Leftover("never", lease.incarnation()), fences(head));

        List<Erased> first = store.erase(erases);
        List<Erased> again = store.erase(erases);

        assertThat(first).containsExactly(Erased.ERASED, Erased.ERASED, Erased.KEPT);
        assertThat(again).isEqualTo(first);
        assertThat(rows()).isEqualTo("1 0 0 0");
    }

    @Test
    @DisplayName("DEL-03 a run under a live lease is not erased, nor is the journal of a run that is there")
    void liveRunIsKept() {
        Lease lease = completed("a");
        granted(store.acquire(taking("a", Condition.openOrEnded().build())));
        Lease open = createRun(store, "b");
        String before = file.everything();

        List<Erased> answers = store.erase(List.of(
                ended(head(store, "a")),
                ended(head(store, "b")),
                new Erase.Leftover("a", lease.incarnation()),
                new Erase.Leftover("b", open.incarnation())));

        assertThat(answers).containsOnly(Erased.KEPT);
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "DEL-06 a commit of an earlier holder into a deleted run is refused, also after the id was created anew")
    void lateCommitIsRefused() {
        Lease old = createRun(store, "a");
        append(store, step(old, 1));
        store.settle(Settle.of(old, HeadChange.gone(0).build()));
        store.erase(List.of(new Erase.Leftover("a", old.incarnation())));
        List<Appended> before = List.of(append(store, step(old, 1)), append(store, step(old, 2)));

        Lease fresh = createRun(store, "a");

        assertThat(before).containsOnly(new Appended.Fenced());
        assertThat(List.of(append(store, step(old, 1)), append(store, step(old, 2))))
                .containsOnly(new Appended.Fenced());
        assertThat(append(store, Entry.of(old, 0, EntryKind.GRANT, CommitId.ofGrant(old.id()), Bytes.utf8("{}"))))
                .isEqualTo(new Appended.Fenced());
        assertThat(entries(store, "a")).hasSize(1).allMatch(entry -> entry.isUnder(fresh));
    }

    @Test
    @DisplayName("RET-01 an ended run that is erased is gone on every path")
    void erasedRunIsGone() {
        completed("a");
        Head head = head(store, "a");

        Erased answer = store.erase(List.of(ended(head))).get(0);

        assertThat(answer).isEqualTo(Erased.ERASED);
        assertThat(read(store, "a")).isEmpty();
        assertThat(store.list(RunQuery.all().build()).runs()).isEmpty();
        assertThat(rows()).isEqualTo("1 0 0 0");
    }

    @Test
    @DisplayName("RET-02 only runs unchanged for so long by SQLite's clock are listed for a purge")
    void youngRunsAreNotListed() {
        completed("old");
        completed("young");
        file.sql("UPDATE cairn_head SET changed = changed - 60000 WHERE run_id = 'old'");

        List<Head> found = store.list(
                        RunQuery.all().unchangedFor(Duration.ofSeconds(60)).build())
                .runs();

        assertThat(found).extracting(Head::runId).containsExactly("old");
    }

    @Test
    @DisplayName("RET-03 a huge age means what it says and lists nothing")
    void hugeAgeListsNothing() {
        completed("a");

        RunQuery query = RunQuery.all().unchangedFor(Duration.ofDays(36_500)).build();

        assertThat(store.list(query).runs()).isEmpty();
    }

    @Test
    @DisplayName("RET-05 a run that was reopened, or settled since it was listed, is not erased")
    void changedRunIsKept() {
        Lease lease = createRun(store, "a");
        store.settle(Settle.of(end(lease, 1), HeadChange.ended(RunStatus.FAILED).build()));
        Head listed = head(store, "a");
        Lease reopened = granted(store.acquire(taking("a", Condition.failed().build())));
        append(store, step(reopened, 3));

        Erased answer = store.erase(List.of(ended(listed))).get(0);

        assertThat(answer).isEqualTo(Erased.KEPT);
        assertThat(head(store, "a").status()).isEqualTo(RunStatus.READY);
        assertThat(entries(store, "a")).hasSize(4);
    }

    @Test
    @DisplayName("CANCEL-01 of a cancel and an end exactly one counts, and the other is told which")
    void cancelAndEndRaceForOnePlace() {
        Lease holder = createRun(store, "a");
        Lease canceller = takeOver(store, "a");

        Settled cancelled = store.settle(Settle.of(
                end(canceller, 2), HeadChange.ended(RunStatus.CANCELLED).build()));
        Settled ended = complete(store, holder, 1);
        Settled later = complete(store, holder, 2);

        assertThat(cancelled).isInstanceOf(Settled.Done.class);
        assertThat(List.of(ended, later)).allMatch(Settled.Taken.class::isInstance);
        assertThat(head(store, "a").status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    @DisplayName("CANCEL-02 a settle that is repeated after its reply was lost says done and changes nothing")
    void repeatedSettleIsDone() {
        Lease lease = createRun(store, "a");
        Settled first = complete(store, lease, 1);
        String before = file.everything();

        Settled again = complete(file.open(), lease, 1);

        assertThat(again).isEqualTo(first).isInstanceOf(Settled.Done.class);
        assertThat(file.everything()).isEqualTo(before);
    }
}
