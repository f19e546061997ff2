// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static dev.cairn.store.postgres.TestSchema.append;
import static dev.cairn.store.postgres.TestSchema.createRun;
import static dev.cairn.store.postgres.TestSchema.entries;
import static dev.cairn.store.postgres.TestSchema.step;
import static dev.cairn.store.postgres.TestSchema.takingOver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locks that another connection holds, and who queues behind them in which order. */
@Timeout(120)
final class LockTest {
    /** What another connection holds, and whether it commits or rolls back in the end. */
    enum Held {
        HEAD,
        PLACE
    }

    private TestSchema schema;
    private PostgresStateStore holder;
    private PostgresStateStore taker;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void open() {
        schema = new TestSchema();
        holder = schema.open();
        taker = schema.open();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        schema.close();
    }

    /** Somebody else's entry behind the first one of a run. */
    private static final String PLANT = """
            insert into cairn_entry
            select e.journal, 1, 2, e.token, e.lease_id, gen_random_uuid(), e.checksum, e.body
            from cairn_entry as e join cairn_head as h on e.journal = %s
            where h.run_id = '%%s'
            """.formatted(TestSchema.JOURNAL);

    @ParameterizedTest(name = "held {0}, takeover first {1}, the holder of the lock commits {2}")
    @CsvSource({
        "HEAD,true,true", "HEAD,true,false", "HEAD,false,true", "HEAD,false,false",
        "PLACE,true,true", "PLACE,true,false", "PLACE,false,true", "PLACE,false,false"
    })
    @DisplayName("LEASE-13 of a takeover and a commit that queue, the commit is handed over or refused")
    void queuedInEitherOrder(Held held, boolean takeoverFirst, boolean commits) throws Exception {
        Lease lease = createRun(holder, "r");
        append(holder, step(lease, 1));
        Future<Acquired> takeover;
        Future<Appended> commit;
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute(
                    held == Held.HEAD
                            ? "select 1 from cairn_head where run_id = 'r' for update"
                            // Somebody else's uncommitted entry at the next place, as a grant would be.
                            : "insert into cairn_entry select journal, 2, kind, token, lease_id, gen_random_uuid(), checksum,"
                                    + " body from cairn_entry where place = 1");
            if (takeoverFirst) {
                takeover = threads.submit(() -> taker.acquire(takingOver("r")));
                awaitWaiting(1);
                commit = threads.submit(() -> append(holder, step(lease, 2)));
            } else {
                commit = threads.submit(() -> append(holder, step(lease, 2)));
                if (held == Held.PLACE) {
                    awaitWaiting(1);
                } else {
                    commit.get(); // a commit needs no lock of the head
                }
                takeover = threads.submit(() -> taker.acquire(takingOver("r")));
            }
            awaitWaiting(held == Held.HEAD ? 1 : 2);
            if (commits && held == Held.HEAD) {
                lock.commit();
            } else {
                // The planted entry has a checksum that fits another place; it is only there to be waited for.
                lock.rollback();
            }
        }

        Appended committed = commit.get();
        if (!(takeover.get() instanceof Granted granted)) {
            throw new AssertionError("the takeover was refused: " + takeover.get());
        }
        boolean isHandedOver = granted.page().entries().stream().anyMatch(step(lease, 2)::equals);
        assertThat(committed instanceof Appended.Written).isEqualTo(isHandedOver);
        assertThatNothingLies(committed, lease);
        assertThat(append(holder, step(lease, isHandedOver ? 3 : 2))).isNotInstanceOf(Appended.Written.class);
        assertThat(append(taker, step(granted.lease(), granted.page().entries().size())))
                .isInstanceOf(Appended.Written.class);
    }

    private void assertThatNothingLies(Appended committed, Lease lease) {
        List<Entry> journal = entries(taker, "r");
        Fold fold = new Fold("r", lease.incarnation());
        assertThat(journal).allMatch(fold::add);
        assertThat(journal.stream().anyMatch(step(lease, 2)::equals)).isEqualTo(committed instanceof Appended.Written);
    }

    /** Waits until so many requests wait for a lock. */
    private void awaitWaiting(int count) throws InterruptedException {
        while (Integer.parseInt(schema.query("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and query like '%" + schema.name + "%' and pid <> pg_backend_pid()")
                        .get(0))
                < count) {
            Thread.sleep(5);
        }
    }

    @Test
    @DisplayName(
            "LEASE-13 of a batch with one stuck place the others are written, and the stuck one is said to be unknown or not done")
    void othersOfTheBatchAreNotHeldUp() throws Exception {
        PostgresStateStore hasty = schema.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(100)).build());
        Lease stuck = createRun(hasty, "b");
        List<Lease> others = List.of(createRun(hasty, "a"), createRun(hasty, "c"), createRun(hasty, "d"));
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute(PLANT.formatted("b"));

            List<Appended> answers = hasty.append(
                    List.of(step(others.get(0), 1), step(stuck, 1), step(others.get(1), 1), step(others.get(2), 1)));

            assertThat(answers.get(1)).isInstanceOf(Appended.Failed.class);
            assertThat(((Appended.Failed) answers.get(1)).cause()).isInstanceOf(StoreUnavailableException.class);
            assertThat(List.of(answers.get(0), answers.get(2), answers.get(3))).containsOnly(new Appended.Written());
            lock.rollback();
        }

        assertThat(append(hasty, step(stuck, 1))).isEqualTo(new Appended.Written());
        for (Lease other : others) {
            assertThat(entries(holder, other.runId())).hasSize(2);
        }
    }

    @Test
    @DisplayName("no request waits for a lock without end: it is told, and nothing was done")
    void everyRequestIsBounded() throws Exception {
        PostgresStateStore hasty = schema.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(50)).build());
        Lease lease = createRun(hasty, "r");
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("select 1 from cairn_head where run_id = 'r' for update");

            assertThatThrownBy(() -> hasty.acquire(takingOver("r"))).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> TestSchema.release(hasty, lease)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() ->
                            hasty.signal("r", new dev.cairn.spi.Message("m", "go", dev.cairn.state.Bytes.utf8("1"))))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("55P03");
            assertThat(append(hasty, step(lease, 1))).isEqualTo(new Appended.Written());
            lock.rollback();
        }
        assertThat(hasty.acquire(takingOver("r"))).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("a run whose head is locked is passed over by a claim, which does not wait")
    void claimPassesOver() throws SQLException {
        for (String run : List.of("a", "b")) {
            TestSchema.release(holder, createRun(holder, run));
        }
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("select 1 from cairn_head where run_id = 'a' for update");

            assertThat(Claims.claimed(taker)).containsExactly("b");
            lock.rollback();
        }
        assertThat(Claims.claimed(taker)).containsExactly("a");
    }

    @Test
    @DisplayName(
            "HB of a heartbeat of three leases with one locked head two are renewed, and the third is said to have failed")
    void renewalIsNotHeldUp() throws SQLException {
        PostgresStateStore hasty = schema.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(100)).build());
        List<Renewal> renewals = new ArrayList<>();
        for (String run : List.of("a", "b", "c")) {
            renewals.add(new Renewal(createRun(hasty, run), Duration.ofMinutes(5), "half way"));
        }
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("select 1 from cairn_head where run_id = 'b' for update");

            List<Renewed> answers = hasty.renew(renewals);

            assertThat(answers.get(0)).isEqualTo(new Renewed.Held(Duration.ofMinutes(5)));
            assertThat(answers.get(1)).isInstanceOf(Renewed.Failed.class);
            assertThat(answers.get(2)).isEqualTo(new Renewed.Held(Duration.ofMinutes(5)));
            lock.rollback();
        }
        assertThat(schema.query("select run_id from cairn_head where progress = 'half way' order by run_id"))
                .containsExactly("a", "c");
        assertThat(hasty.renew(renewals).get(1)).isEqualTo(new Renewed.Held(Duration.ofMinutes(5)));
    }

    @Test
    @DisplayName("LEASE-13 a due run whose next place is held keeps no other due run from being claimed")
    void claimGoesOnWithoutTheStuckOne() throws SQLException {
        PostgresStateStore hasty = schema.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(100)).build());
        for (String run : List.of("a", "b", "c")) {
            TestSchema.release(hasty, createRun(hasty, run));
        }
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute(PLANT.formatted("a"));

            assertThat(Claims.claimed(hasty)).containsExactly("b", "c");
            lock.rollback();
        }
        assertThat(Claims.claimed(hasty)).containsExactly("a");
    }

    @Test
    @DisplayName("the first entry of an incarnation waits for the head no longer than the bound")
    void firstEntryIsBounded() throws SQLException {
        PostgresStateStore hasty = schema.open(
                StoreOptions.builder().lockBound(Duration.ofMillis(100)).build());
        Lease lease = createRun(hasty, "r");
        Incarnation beside = Incarnation.random();
        hasty.settle(Settle.of(lease, HeadChange.naming(beside).build()));
        Lease over = lease.over(beside);
        Entry first = Entry.of(over, 0, EntryKind.GRANT, CommitId.of(over.id(), 0), Bytes.utf8("{}"));
        try (Connection lock = schema.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("select 1 from cairn_head where run_id = 'r' for update");

            assertThat(append(hasty, first))
                    .isInstanceOfSatisfying(
                            Appended.Failed.class,
                            failed -> assertThat(failed.cause()).hasMessageContaining("55P03"));
            lock.rollback();
        }
        assertThat(append(hasty, first)).isEqualTo(new Appended.Written());
    }
}
