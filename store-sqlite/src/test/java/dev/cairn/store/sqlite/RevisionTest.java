// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevisionTest {
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

    private static Acquired at(SqliteStateStore store, Lease lease, long count) {
        Condition condition = Condition.open()
                .over(Condition.Over.LIVE)
                .at(new Revision(lease.incarnation(), count))
                .build();
        return store.acquire(taking("a", condition));
    }

    @Test
    @DisplayName("VER-01 of many creators of one run exactly one wins, and the others are told that it exists")
    void oneCreatorWins() throws Exception {
        SqliteStateStore other = file.open();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Acquired>> creators = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SqliteStateStore at = i % 2 == 0 ? store : other;
            creators.add(() -> at.acquire(creating("a", newRun())));
        }

        List<Acquired> answers = new ArrayList<>();
        for (Future<Acquired> answer : threads.invokeAll(creators)) {
            answers.add(answer.get());
        }
        threads.shutdown();

        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(Refused.class::isInstance)
                .hasSize(7)
                .allMatch(answer -> ((Refused) answer).reason() == Refused.Reason.EXISTS);
        assertThat(entries(store, "a")).hasSize(1);
    }

    @Test
    @DisplayName("VER-02 a step makes the revision one more, grants, renewals and refusals leave it")
    void onlyCommitsMoveTheRevision() {
        Lease first = createRun(store, "a");
        append(store, step(first, 1));
        store.renew(List.of(new Renewal(first, LEASE, "half")));
        Lease second = takeOver(store, "a");
        append(store, step(first, 3));
        append(store, step(second, 3));

        assertThat(at(store, first, 3)).isInstanceOf(Refused.class);
        assertThat(at(store, first, 2)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName(
            "VER-03 a takeover at a revision that is not the run's is refused, also where the holder's lease ran out")
    void wrongRevisionIsRefused() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        file.expire("a");
        String before = file.everything();

        Acquired early = at(store, lease, 0);
        Acquired late = at(store, lease, 2);

        assertThat(List.of(early, late))
                .allSatisfy(answer -> assertThat(((Refused) answer).reason()).isEqualTo(Refused.Reason.REVISION));
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("VER-03 entries of a grant over an ended run do not count in the revision")
    void entriesThatDoNotCountAreNotInTheRevision() {
        Lease lease = createRun(store, "a");
        complete(store, lease, 1);
        Lease over = granted(store.acquire(taking("a", Condition.openOrEnded().build())));
        append(store, step(over, 3));
        file.expire("a");

        Revision expected = new Revision(lease.incarnation(), 1);
        Acquired answer =
                store.acquire(taking("a", Condition.openOrEnded().at(expected).build()));

        assertThat(answer).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("VER-04 a takeover of a missing run is refused, and nothing is made of it")
    void missingRunIsRefused() {
        Acquired answer = store.acquire(taking("a", Condition.open().build()));

        assertThat(answer).isEqualTo(new Refused(Refused.Reason.ABSENT, Optional.empty(), Duration.ZERO, List.of()));
        assertThat(file.query("SELECT count(*) FROM cairn_head")).isEqualTo("0");
    }

    @Test
    @DisplayName("VER-06 an incarnation that the run carries or left behind cannot be created again")
    void incarnationIsNotUsedTwice() {
        NewRun run = newRun();
        Lease lease = granted(store.acquire(creating("a", run)));
        store.settle(Settle.of(lease, HeadChange.gone(0).build()));
        String before = file.everything();

        Acquired answer = store.acquire(creating("a", run));

        assertThat(((Refused) answer).reason()).isEqualTo(Refused.Reason.EXISTS);
        assertThat(file.everything()).isEqualTo(before);
    }
}
