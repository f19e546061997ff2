// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.CairnException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.store.postgres.PostgresErrors.Sent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Borrows a connection for each call, at most {@link #LANES} at a time for writing. One of a team's pool is given back after
 * the call; one of our own is kept while calls follow each other, with what is prepared on it. Translates what goes wrong,
 * and repeats what the server rolled back because of others. Thread-safe.
 */
final class PostgresConnections implements AutoCloseable {
    /** Appends that make sense at a time: while one waits for the disk, another gathers what arrives. */
    static final int LANES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresConnections.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long NEVER = 0;
    private static final int TRIES = 5;
    private static final int MOST_CALLS = 1 << 20;

    /** A connection that was idle for longer is asked for a sign of life before it is trusted with a write. */
    static final Duration TRUSTED = Duration.ofMillis(500);

    /**
     * For so long after a connection was lost none of a pool is trusted: what cut that one may have cut all, and a pool does
     * not look at one that was used just now.
     */
    private static final Duration DOUBTED = Duration.ofSeconds(1);

    /** Then the pool has it back, which may want to replace it. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    /** What is done on a connection. */
    interface Work<T> {
        T on(PostgresSession session) throws SQLException;
    }

    private final DataSource source;
    private final Runnable closing;
    private final PostgresErrors errors;
    private final Way way;
    private final Duration trusted;
    private final Deque<Kept> kept = new ConcurrentLinkedDeque<>();
    private final Semaphore lanes = new Semaphore(LANES, true);
    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long poolTimedOut = NEVER;
    private volatile long lostOne = NEVER;

    /** How a store meets its server. */
    enum Way {
        /** By connections of others, or of which the URL says what to prepare: given back as they were. */
        LENT,
        /** Through a pooler, which may give each transaction another connection of the server's. */
        POOLED,
        /** By connections that are its own. */
        OWN
    }

    /**
     * @param trusted how long a connection may be idle before it is asked for a sign of life
     * @param closing ends what was opened here; nothing, for a team's own DataSource
     */
    PostgresConnections(DataSource source, Way way, Duration trusted, Runnable closing, PostgresErrors errors) {
        this.source = source;
        this.way = way;
        this.trusted = trusted;
        this.closing = closing;
        this.errors = errors;
    }

    /** Reads. */
    <T> T read(Work<T> work) {
        return call(() -> repeated(() -> once(work)));
    }

    /** Writes in one of the lanes; all of it or, if it throws anything but an unknown outcome, nothing. */
    <T> T write(Work<T> work) {
        return call(() -> {
            long begun = System.nanoTime();
            takeLane();
            try {
                requireNoPoolTimeout(begun);
                return repeated(() -> inLane(work));
            } finally {
                lanes.release();
            }
        });
    }

    private <T> T once(Work<T> work) {
        try (PostgresSession session = borrow()) {
            return session.run(work, Sent.READ);
        }
    }

    private <T> T inLane(Work<T> work) {
        Kept lane = kept();
        boolean keeps = false;
        try {
            T result = lane.session().run(work, Sent.WRITE);
            keeps = way == Way.OWN && !closed.get() && !lane.isOlderThan(KEPT);
            return result;
        } finally {
            if (keeps) {
                kept.addFirst(new Kept(lane.session(), lane.since(), System.nanoTime()));
            } else {
                lane.session().close();
            }
        }
    }

    /** A connection that is kept for the next call: since when, and when it was last used. */
    private record Kept(PostgresSession session, long since, long used) {
        private boolean isOlderThan(Duration age) {
            return System.nanoTime() - since > age.toNanos();
        }

        private boolean isIdleFor(Duration time) {
            return System.nanoTime() - used > time.toNanos();
        }

        private boolean isOfBefore(long moment) {
            return moment != NEVER && used - moment < 0;
        }
    }

    private Kept kept() {
        for (Kept last = kept.pollFirst(); last != null; last = kept.pollFirst()) {
            boolean isTrusted = !last.isIdleFor(trusted) && !last.isOfBefore(lostOne);
            if (isTrusted || last.session().isAlive()) {
                return last;
            }
            last.session().close();
        }
        long now = System.nanoTime();
        return new Kept(borrow(), now, now);
    }

    /** While this call waited for a lane, the one in it waited for the pool, in vain: it would do so once more. */
    private void requireNoPoolTimeout(long begun) {
        long timedOut = poolTimedOut;
        if (timedOut != NEVER && timedOut - begun > 0) {
            throw errors.poolTimeout(null);
        }
    }

    private CairnException noConnection(Exception e) {
        if (PostgresErrors.isPoolTimeout(e)) {
            poolTimedOut = System.nanoTime();
        }
        return errors.translate(e, Sent.NOTHING);
    }

    private interface Call<T> {
        T run();
    }

    private <T> T call(Call<T> call) {
        if (closed.get() || !calls.tryAcquire()) {
            throw new StoreClosedException("this PostgreSQL store was closed; nothing was sent");
        }
        try {
            if (closed.get()) {
                throw new StoreClosedException("this PostgreSQL store was closed; nothing was sent");
            }
            return call.run();
        } catch (CairnException e) {
            if (PostgresErrors.isLost(e)) {
                lostOne = System.nanoTime();
            }
            throw e;
        } finally {
            calls.release();
        }
    }

    private void takeLane() {
        if (lanes.tryAcquire()) {
            return;
        }
        try {
            if (lanes.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting to write; nothing was sent", e);
        }
        throw new StoreUnavailableException(
                "all " + LANES + " writing connections were busy, or waited for the pool, for " + PATIENCE.toSeconds()
                        + " s; nothing was sent, try again");
    }

    private static <T> T repeated(Call<T> call) {
        for (int tries = 1; ; tries++) {
            try {
                return call.run();
            } catch (CairnException e) {
                boolean rolledBack = PostgresErrors.isToBeRepeated(e);
                if (!rolledBack || tries == TRIES || !paused(tries)) {
                    throw e;
                }
                LOG.debug("repeating what the server rolled back", e);
            }
        }
    }

    private static boolean paused(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 4L << tries));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Each that is dead the pool replaces, until it says that it cannot. */
    private PostgresSession borrow() {
        for (; ; ) {
            PostgresSession session = borrowed();
            long lost = lostOne;
            boolean isDoubted = lost != NEVER && System.nanoTime() - lost < DOUBTED.toNanos();
            if (!isDoubted || session.isAlive()) {
                return session;
            }
            session.close();
        }
    }

    private PostgresSession borrowed() {
        try {
            Connection connection = source.getConnection();
            boolean sound = false;
            try {
                requireNoTransaction(connection);
                sound = true;
                return new PostgresSession(connection, way, errors);
            } finally {
                if (!sound) {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            throw noConnection(e);
        }
    }

    /** RUN-16: what we wrote inside somebody's transaction would not be durable when we say so. */
    private static void requireNoTransaction(Connection connection) throws SQLException {
        boolean open = !connection.getAutoCommit();
        if (!open && connection.isWrapperFor(BaseConnection.class)) {
            open = connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
        }
        if (open) {
            throw new IllegalStateException("the connection is inside a transaction, or would begin one (autoCommit is"
                    + " false), so that nothing written on it would be durable; give Cairn a DataSource that hands out"
                    + " connections in autoCommit mode, and not those of a transaction that is open in this thread");
        }
    }

    /** Waits for calls under way, then closes what was opened here. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // closing goes on; the flag is set again
        try {
            if (!calls.tryAcquire(MOST_CALLS, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("closing while calls are under way for more than {} s", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            for (Kept last = kept.pollFirst(); last != null; last = kept.pollFirst()) {
                last.session().close();
            }
            closing.run();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
