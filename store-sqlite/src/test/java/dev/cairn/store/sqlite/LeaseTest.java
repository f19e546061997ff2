// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.end;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.release;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.superseding;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
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

final class LeaseTest {
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

    private static List<Acquired> atOnce(List<Callable<Acquired>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        List<Acquired> answers = new ArrayList<>();
        for (Future<Acquired> answer : threads.invokeAll(calls)) {
            answers.add(answer.get());
        }
        threads.shutdown();
        return answers;
    }

    private List<Callable<Acquired>> takers() {
        SqliteStateStore other = file.open();
        return IntStream.range(0, 8)
                .<Callable<Acquired>>mapToObj(i -> () -> (i % 2 == 0 ? store : other)
                        .acquire(taking("a", Condition.open().build())))
                .toList();
    }

    @Test
    @DisplayName("LEASE-01 of many acquirers of a free lease exactly one wins")
    void oneTakesAFreeRun() throws Exception {
        release(store, createRun(store, "a"));

        List<Acquired> answers = atOnce(takers());

        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
        assertThat(entries(store, "a")).hasSize(2);
    }

    @Test
    @DisplayName("LEASE-02 of many acquirers of a lease that ran out exactly one wins")
    void oneTakesAnExpiredRun() throws Exception {
        createRun(store, "a");
        file.expire("a");

        List<Acquired> answers = atOnce(takers());

        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
        assertThat(entries(store, "a")).hasSize(2);
    }

    @Test
    @DisplayName("LEASE-03 tokens rise over takeover, release, reopening, deletion and creating anew")
    void tokensRise() {
        List<Long> tokens = new ArrayList<>();
        tokens.add(createRun(store, "a").token());
        Lease second = takeOver(store, "a");
        tokens.add(second.token());
        release(store, second);
        store.close();
        SqliteStateStore reopened = file.open();
        Lease third = granted(reopened.acquire(taking("a", Condition.open().build())));
        tokens.add(third.token());
        reopened.settle(Settle.of(third, HeadChange.gone(0).build()));
        tokens.add(createRun(reopened, "a").token());

        assertThat(tokens).doesNotHaveDuplicates().isSorted();
    }

    @Test
    @DisplayName("LEASE-04 a live lease is not granted to another, who is told the time left")
    void liveLeaseIsHeld() {
        createRun(store, "a");
        String before = file.everything();

        Refused answer =
                (Refused) file.open().acquire(taking("a", Condition.open().build()));

        assertThat(answer.reason()).isEqualTo(Refused.Reason.HELD);
        assertThat(answer.timeLeft()).isBetween(Duration.ofSeconds(50), LEASE);
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("LEASE-04 a lease that ran out by SQLite's clock is granted")
    void shortLeaseRunsOut() throws Exception {
        Acquire request = new Acquire(
                "a", LeaseId.random(), Duration.ofMillis(50), new Acquire.Create(newRun()), Bytes.utf8("{}"));
        store.acquire(request);

        Thread.sleep(60);

        assertThat(store.acquire(taking("a", Condition.open().build()))).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("LEASE-05 nothing sent under a superseded lease is written or acknowledged, by any method")
    void supersededHolderWritesNothing() {
        Lease old = createRun(store, "a");
        takeOver(store, "a");
        String before = file.everything();

        Appended next = append(store, step(old, 1));
        Appended further = append(store, step(old, 2));
        Settled settled =
                store.settle(Settle.of(old, HeadChange.ready(Due.now()).build()));
        Settled ended = store.settle(
                Settle.of(end(old, 2), HeadChange.ended(RunStatus.COMPLETED).build()));
        Renewed renewed = store.renew(List.of(new Renewal(old, LEASE, ""))).get(0);

        assertThat(next).isInstanceOf(Appended.Taken.class);
        assertThat(further).isEqualTo(new Appended.Fenced());
        assertThat(settled).isInstanceOf(Settled.Lost.class);
        assertThat(ended).isInstanceOf(Settled.Lost.class);
        assertThat(renewed).isEqualTo(new Renewed.Lost());
        assertThat(file.everything()).isEqualTo(before);
    }

    @Test
    @DisplayName("LEASE-07 a settle under an expired lease that still stands succeeds")
    void expiredLeaseMaySettle() {
        Lease lease = createRun(store, "a");
        file.expire("a");

        Settled answer = complete(store, lease, 1);

        assertThat(answer).isInstanceOf(Settled.Done.class);
        assertThat(head(store, "a").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    @DisplayName("LEASE-08 the same holder taking over gets a new lease, which fences its old one")
    void newLeaseFencesTheOldOne() {
        Lease old = createRun(store, "a");

        Lease renewed = takeOver(store, "a");

        assertThat(renewed.id()).isNotEqualTo(old.id());
        assertThat(append(store, step(old, 1))).isInstanceOf(Appended.Taken.class);
        assertThat(append(store, step(old, 2))).isEqualTo(new Appended.Fenced());
        assertThat(append(store, step(renewed, 2))).isEqualTo(new Appended.Written());
    }

    @Test
    @DisplayName("LEASE-09 a step under an expired lease that nobody took is in every later takeover")
    void lateStepIsHandedOver() {
        Lease lease = createRun(store, "a");
        file.expire("a");

        Appended answer = append(store, step(lease, 1));

        Granted next = (Granted) store.acquire(taking("a", Condition.open().build()));
        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(next.page().entries()).contains(step(lease, 1)).hasSize(3);
    }

    @Test
    @DisplayName("LEASE-12 leases outlive reopening and are independent per run and namespace")
    void leasesAreIndependent() {
        createRun(store, "a");
        store.close();

        SqliteStateStore reopened = file.open();

        assertThat(reopened.acquire(taking("a", Condition.open().build()))).isInstanceOf(Refused.class);
        assertThat(reopened.acquire(creating("b", newRun()))).isInstanceOf(Granted.class);
        assertThat(file.open("elsewhere").acquire(creating("a", newRun()))).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName(
            "LEASE-14 a repeated acquire gets the same grant while its lease stands, and is refused after it ended")
    void repeatedAcquireIsTheSameGrant() {
        Acquire request = creating("a", newRun());
        Lease lease = granted(store.acquire(request));

        Granted again = (Granted) file.open().acquire(request);

        assertThat(again.lease()).isEqualTo(lease);
        assertThat(again.timeLeft()).isLessThanOrEqualTo(LEASE);
        assertThat(entries(store, "a")).hasSize(1);
        release(store, lease);
        Acquire late = new Acquire(
                "a", lease.id(), LEASE, new Acquire.Take(Condition.open().build()), Bytes.utf8("{}"));
        assertThat(((Refused) store.acquire(late)).reason()).isEqualTo(Refused.Reason.HELD);
        assertThat(entries(store, "a")).hasSize(1);
    }

    @Test
    @DisplayName("LEASE-16 what a grant hands over runs without a gap to the grant itself")
    void grantHandsOverEverything() {
        Lease lease = createRun(store, "a");
        append(store, step(lease, 1));

        Granted granted = (Granted) store.acquire(taking("a", superseding()));

        assertThat(granted.page().entries()).extracting(Entry::place).containsExactly(0L, 1L, 2L);
        assertThat(granted.page().entries().get(2).isUnder(granted.lease())).isTrue();
        assertThat(granted.page().head().standing()).contains(granted.lease());
    }

    @Test
    @DisplayName("HB-01 a heartbeat moves the deadline to now plus its ttl, not to the old deadline plus it")
    void heartbeatCountsFromNow() {
        Lease lease = createRun(store, "a");
        Duration ttl = Duration.ofSeconds(2);

        Renewed answer = store.renew(List.of(new Renewal(lease, ttl, "half"))).get(0);

        Page page = read(store, "a").orElseThrow();
        assertThat(answer).isEqualTo(new Renewed.Held(ttl));
        assertThat(page.head().lease().orElseThrow().left(page.storeTime())).isLessThanOrEqualTo(ttl);
        assertThat(page.head().progress()).isEqualTo("half");
    }

    @Test
    @DisplayName("HB-02 a heartbeat of an expired lease that still stands extends it")
    void expiredLeaseIsExtended() {
        Lease lease = createRun(store, "a");
        file.expire("a");

        Renewed answer = store.renew(List.of(new Renewal(lease, LEASE, ""))).get(0);

        assertThat(answer).isEqualTo(new Renewed.Held(LEASE));
        assertThat(store.acquire(taking("a", Condition.open().build()))).isInstanceOf(Refused.class);
    }

    @Test
    @DisplayName("HB-03 a heartbeat changes neither entries nor when the run changed")
    void heartbeatLeavesTheRest() {
        Lease lease = createRun(store, "a");
        Page before = read(store, "a").orElseThrow();

        store.renew(List.of(new Renewal(lease, LEASE, "half")));

        Page after = read(store, "a").orElseThrow();
        assertThat(after.entries()).isEqualTo(before.entries());
        assertThat(after.head().changed()).isEqualTo(before.head().changed());
        assertThat(after.head().token()).isEqualTo(before.head().token());
    }

    @Test
    @DisplayName("CLOCK-01 a deadline further ahead than its lease is long counts as expired, and no token repeats")
    void deadlineFromBeforeTheClockWentBack() {
        Lease old = createRun(store, "a");
        file.sql("UPDATE cairn_head SET deadline = deadline + 7200000, token = token + 7200000");

        Acquired answer = store.acquire(taking("a", Condition.open().build()));

        assertThat(granted(answer).token()).isEqualTo(old.token() + 7_200_001);
    }

    @Test
    @DisplayName("CLOCK-02 after the store's clock jumped ahead and the run was taken, the old holder is fenced")
    void clockThatJumpedAhead() {
        Lease old = createRun(store, "a");
        file.sql("UPDATE cairn_head SET deadline = deadline - 7200000, created = created - 7200000");
        Lease taken = granted(store.acquire(taking("a", Condition.open().build())));

        Appended answer = append(store, step(old, 1));

        assertThat(answer).isInstanceOf(Appended.Taken.class);
        assertThat(append(store, step(taken, 2))).isEqualTo(new Appended.Written());
    }
}
