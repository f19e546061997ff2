// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.end;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.state.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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
    @DisplayName("STEP-01 an acknowledged step is seen by the same instance, by another one and after reopening")
    void acknowledgedStepIsVisible() {
        Lease lease = createRun(store, "a");
        SqliteStateStore other = file.open();

        Appended answer = append(store, step(lease, 1));

        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(entries(store, "a")).endsWith(step(lease, 1)).hasSize(2);
        assertThat(entries(other, "a")).isEqualTo(entries(store, "a"));
        store.close();
        assertThat(entries(file.open(), "a")).endsWith(step(lease, 1)).hasSize(2);
    }

    @Test
    @DisplayName("STEP-02 a repeated commit is told that it stands, and changes nothing, from any instance")
    void repeatedCommitIsAcknowledged() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        String before = file.everything();

        Appended same = append(store, step(lease, 1));
        Appended other = append(file.open(), step(lease, 1));

        assertThat(same).isEqualTo(new Appended.Taken(step(lease, 1)));
        assertThat(other).isEqualTo(same);
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("STEP-03 a commit to a taken place is told what is there, also under the same id with other bytes")
    void takenPlaceIsLeft() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1, "first"));
        String before = file.everything();
        Entry otherBytes = step(lease, 1, "other");
        Entry otherId = Entry.of(lease, 1, EntryKind.PLAIN, CommitId.of(lease.id(), 99), Bytes.utf8("first"));

        List<Appended> answers = List.of(append(store, otherBytes), append(store, otherId));

        assertThat(answers).containsOnly(new Appended.Taken(step(lease, 1, "first")));
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("STEP-05 a later step leaves every byte of the earlier ones")
    void laterStepLeavesEarlierOnes() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        List<Entry> before = entries(store, "a");

        append(store, step(lease, 2));

        assertThat(entries(store, "a")).startsWith(before.toArray(Entry[]::new)).hasSize(3);
    }

    @Test
    @DisplayName("STEP-06 entries come in order of place, of many runs that were written in turn")
    void entriesComeInOrder() {
        Lease a = createRun(store, "a");
        Lease b = createRun(store, "b");

        for (int place = 1; place <= 300; place++) {
            store.append(List.of(step(a, place), step(b, place)));
        }

        assertThat(entries(store, "a")).extracting(Entry::place).isEqualTo(LongsTo.of(300));
        assertThat(entries(store, "b")).extracting(Entry::place).isEqualTo(LongsTo.of(300));
    }

    private static final class LongsTo {
        static List<Long> of(int last) {
            return IntStream.rangeClosed(0, last).mapToObj(Long::valueOf).toList();
        }
    }

    @Test
    @DisplayName("STEP-07 of many commits to one place exactly one is written, and the others are told which")
    void onePlaceOneWinner() throws Exception {
        Lease lease = createRun(store, "a");
        SqliteStateStore other = file.open();
        List<Callable<Appended>> commits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SqliteStateStore at = i % 2 == 0 ? store : other;
            String body = "body " + i;
            commits.add(() -> append(at, step(lease, 1, body)));
        }

        List<Appended> answers = atOnce(commits);

        Entry winner = entries(store, "a").get(1);
        assertThat(answers).filteredOn(Appended.Written.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(Appended.Taken.class::isInstance)
                .hasSize(7)
                .containsOnly(new Appended.Taken(winner));
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdown();
        }
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

    @Test
    @DisplayName("STEP-09 a run with a hole is not granted, and reading it leaves the hole to be seen")
    void holeIsCorrupt() {
        Lease lease = createRun(store, "a");
        store.append(List.of(step(lease, 1)));
        store.append(List.of(step(lease, 2)));
        file.sql("DELETE FROM cairn_entry WHERE id & 16777215 = 1");
        String before = file.everything();

        assertThatThrownBy(() -> takeOver(store, "a"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("run a", lease.incarnation().toString(), "place 1");

        assertThat(file.everything()).isEqualTo(before);
        Fold fold = new Fold("a", lease.incarnation());
        List<Entry> read = entries(store, "a");
        assertThat(read).extracting(Entry::place).containsExactly(0L, 2L);
        assertThatThrownBy(() -> read.forEach(fold::add)).isInstanceOf(CorruptException.class);
    }

    @Test
    @DisplayName("STEP-10 a holder that finds an entry that does not count behind the end learns so from the answer")
    void entryBehindTheEndIsTold() {
        Lease ended = createRun(store, "a");
        complete(store, ended, 1);
        Lease over = granted(
                store.acquire(StoreFile.taking("a", Condition.openOrEnded().build())));

        Appended answer = append(store, end(ended, 2));

        assertThat(answer).isInstanceOfSatisfying(Appended.Taken.class, taken -> {
            assertThat(taken.entry().kind()).isEqualTo(EntryKind.GRANT);
            assertThat(taken.entry().isUnder(over)).isTrue();
        });
    }

    @Test
    @DisplayName("BATCH-01 each of a list is judged by itself and answered at its own position")
    void batchIsJudgedOneByOne() {
        Lease a = createRun(store, "a");
        Lease b = createRun(store, "b");
        Lease c = createRun(store, "c");
        append(store, step(b, 1));
        Entry large = step(c, 1, "x".repeat(SqliteFacts.ENTRY_BYTES + 1));

        List<Appended> answers = store.append(List.of(step(b, 1), large, step(a, 1)));

        assertThat(answers.get(0)).isEqualTo(new Appended.Taken(step(b, 1)));
        assertThat(answers.get(1)).isInstanceOf(Appended.Failed.class);
        assertThat(answers.get(2)).isEqualTo(new Appended.Written());
        assertThat(entries(store, "c")).hasSize(1);
    }

    @Test
    @DisplayName("BATCH-02 two commits of one run in a list are refused, and nothing of it is written")
    void twoOfOneRunAreRefused() {
        Lease a = createRun(store, "a");
        Lease b = createRun(store, "b");
        String before = file.everything();

        assertThatThrownBy(() -> store.append(List.of(step(b, 1), step(a, 1), step(a, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run a");

        assertThat(file.everything()).isEqualTo(before);
    }
}
