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
import static dev.cairn.store.sqlite.StoreFile.release;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Settle;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    @DisplayName("CLAIM-01 a run whose lease ran out is claimed with everything it recorded")
    void abandonedRunIsClaimed() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));
        file.expire("a");

        List<Granted> granted = file.open().claim(claim(10, flow()));

        assertThat(ids(granted)).containsExactly("a");
        assertThat(granted.get(0).page().entries()).contains(step(lease, 1)).hasSize(3);
        assertThat(append(store, step(lease, 2))).isInstanceOf(Appended.Taken.class);
    }

    @Test
    @DisplayName("CLAIM-02 of many claimers each due run goes to exactly one")
    void eachRunGoesToOne() throws Exception {
        for (int i = 0; i < 20; i++) {
            release(store, createRun(store, "run " + i));
        }
        SqliteStateStore other = file.open();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<List<Granted>>> claimers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SqliteStateStore at = i % 2 == 0 ? store : other;
            claimers.add(() -> at.claim(claim(7, flow())));
        }

        List<String> claimed = new ArrayList<>();
        for (Future<List<Granted>> answer : threads.invokeAll(claimers)) {
            claimed.addAll(ids(answer.get()));
        }
        threads.shutdown();

        assertThat(claimed).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("CLAIM-03 the longest due run comes first, none is passed over")
    void longestDueComesFirst() {
        for (String id : List.of("late", "early", "middle")) {
            release(store, createRun(store, id));
        }
        file.sql("UPDATE cairn_head SET due = 1000 WHERE run_id = 'early'");
        file.sql("UPDATE cairn_head SET due = 2000 WHERE run_id = 'middle'");

        assertThat(ids(store.claim(claim(2, flow())))).containsExactly("early", "middle");
        assertThat(ids(store.claim(claim(2, flow())))).containsExactly("late");
    }

    @Test
    @DisplayName(
            "CLAIM-05 a run that is held, ended, gone, arriving, or asleep though a canceller died over it is not claimed")
    void othersAreNotClaimed() {
        createRun(store, "held");
        complete(store, createRun(store, "ended"), 1);
        Lease deleting =
                granted(store.acquire(taking("ended", Condition.openOrEnded().build())));
        assertThat(deleting.runId()).isEqualTo("ended");
        store.settle(Settle.of(createRun(store, "gone"), HeadChange.gone(0).build()));
        store.acquire(creating("arriving", newRun(RunStatus.ARRIVING, Labels.NONE)));
        store.settle(Settle.of(
                createRun(store, "waiting"),
                HeadChange.ready(Due.at(Instant.now().plusSeconds(3600))).build()));
        store.settle(Settle.of(
                createRun(store, "asleep"),
                HeadChange.suspended(Set.of("x"), Due.never(), 0).build()));
        granted(store.acquire(taking("asleep", Condition.open().build())));
        file.expire("asleep");
        file.expire("ended");
        file.expire("arriving");
        String before = file.everything();

        assertThat(store.claim(claim(100, flow()))).isEmpty();
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("CLAIM-06 only runs of the workflows and versions asked for are claimed")
    void onlyWhatWasAskedFor() {
        release(store, createRun(store, "a"));
        String before = file.everything();

        List<Granted> otherWorkflow = store.claim(claim(10, new WorkflowVersions("other", 1, Set.of(1))));
        List<Granted> otherVersion = store.claim(claim(10, new WorkflowVersions("flow", 2, Set.of(2))));
        List<Granted> otherSpace = file.open("elsewhere").claim(claim(10, flow()));

        assertThat(List.of(otherWorkflow, otherVersion, otherSpace)).allMatch(List::isEmpty);
        assertThat(file.everything()).isEqualTo(before);
        List<Granted> resuming = store.claim(claim(10, new WorkflowVersions("flow", 2, Set.of(1, 2))));
        assertThat(resuming).hasSize(1).allMatch(g -> g.page().head().version() == 2);
    }

    @Test
    @DisplayName("LEASE-14 a repeated claim gets the same grants and no further run")
    void repeatedClaimIsTheSame() {
        release(store, createRun(store, "a"));
        release(store, createRun(store, "b"));
        Claim request = claim(1, flow());
        List<Granted> first = store.claim(request);

        List<Granted> again = file.open().claim(request);

        assertThat(again)
                .extracting(Granted::lease)
                .isEqualTo(first.stream().map(Granted::lease).toList());
        assertThat(entries(store, "b")).hasSize(1);
        assertThat(entries(store, "a")).hasSize(2);
    }

    @Test
    @DisplayName("CLOCK-01 a lease from before the clock went back is claimed, whatever its deadline says")
    void leaseFromTheFutureIsClaimed() {
        createRun(store, "a");
        createRun(store, "b");
        file.sql("UPDATE cairn_head SET deadline = deadline + 7200000 WHERE run_id = 'a'");

        List<Granted> granted = store.claim(claim(10, flow()));

        assertThat(ids(granted)).containsExactly("a");
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
