// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.StoreOptions;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that writes, in turns, and up to four that read beside it, each a snapshot. A connection on which
 * something other than waiting failed is given up and replaced by the next call. Thread-safe.
 */
final class SqliteConnections implements AutoCloseable {
    /** How long opening and closing wait for others, and a read for a connection. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int READERS = 4;
    private static final long BUSY_NAP_NANOS = 500_000;

    /** What is done on a connection. */
    interface Work<T> {
        T on(SqliteSession session) throws SQLException;
    }

    private final SqliteSession.Source source;
    private final SqliteErrors errors;
    private final SqliteTurn turn;
    private final Duration bound;
    private final Semaphore readers = new Semaphore(READERS, true);
    private final Deque<SqliteSession> idle = new ConcurrentLinkedDeque<>();
    private @Nullable SqliteSession writer; // used only in turn
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteConnections(SqliteSession.Source source, SqliteTurn turn, SqliteErrors errors, StoreOptions options) {
        this.source = source;
        this.turn = turn;
        this.errors = errors;
        this.bound = options.lockBound();
    }

    /** Opens a database: looks before it writes, so that what is refused is unchanged. */
    static SqliteConnections open(SqliteSession.Source source, SqliteSchema schema, StoreOptions options) {
        SqliteErrors errors = new SqliteErrors(schema.file());
        SqliteTurn turn = SqliteTurn.share(look(source, schema, errors));
        SqliteConnections connections = new SqliteConnections(source, turn, errors, options);
        boolean ready = false;
        try {
            schema.setUp(connections, options);
            ready = true;
            return connections;
        } finally {
            if (!ready) {
                connections.close();
            }
        }
    }

    private static Path look(SqliteSession.Source source, SqliteSchema schema, SqliteErrors errors) {
        try {
            SqliteSession session = SqliteSession.open(source.writer().open(), PATIENCE);
            try {
                schema.check(session);
                return session.file();
            } finally {
                session.close();
            }
        } catch (SQLException | JdbiException e) {
            throw errors.beforeCommit(e);
        }
    }

    /** Does all of the work or, if it throws, nothing of it, in one transaction that holds the write lock from its begin. */
    <T> T write(Work<T> work) {
        return write(work, bound);
    }

    <T> T write(Work<T> work, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        return inTurn(deadline, session -> {
            retryBusy(session, deadline, s -> s.begin("BEGIN IMMEDIATE"));
            T result = orRollBack(session, work);
            commit(session);
            return result;
        });
    }

    /** Does one statement that commits by itself, the hot path; answers how many rows it wrote. */
    int writeOne(Work<PreparedStatement> statement) {
        long deadline = System.nanoTime() + bound.toNanos();
        return inTurn(deadline, session -> {
            try {
                return retryBusy(session, deadline, s -> statement.on(s).executeUpdate());
            } catch (SQLException e) {
                throw errors.atCommit(e);
            }
        });
    }

    /** Does what no transaction may hold, such as a change of the journal mode, on the connection that writes. */
    <T> T outsideTransactions(Work<T> work) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return inTurn(deadline, session -> {
            turn.standInLine(deadline);
            return retryBusy(session, deadline, work);
        });
    }

    private <T> T inTurn(long deadline, Work<T> work) {
        requireOpen();
        turn.take(deadline);
        try {
            SqliteSession session = writer();
            session.requireAutoCommit();
            return work.on(session);
        } catch (SQLException | JdbiException e) {
            throw errors.beforeCommit(e);
        } finally {
            turn.give();
        }
    }

    private SqliteSession writer() throws SQLException {
        requireOpen();
        SqliteSession session = writer;
        if (session == null) {
            session = SqliteSession.open(
                    source.writer().open(), Duration.ZERO); // the driver's wait would come on top of ours
            writer = session;
        }
        return session;
    }

    private <T> T retryBusy(SqliteSession session, long deadline, Work<T> first) throws SQLException {
        for (int naps = 0; ; naps++) {
            try {
                return first.on(session);
            } catch (SQLException | JdbiException e) {
                if (!SqliteErrors.isBusy(e)) {
                    giveUp(session);
                    throw e;
                }
                if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                    throw errors.busy(e);
                }
            }
            turn.standInLine(deadline);
            SqliteTurn.nap(naps);
        }
    }

    private <T> T orRollBack(SqliteSession session, Work<T> work) {
        boolean done = false;
        try {
            T result = work.on(session);
            done = true;
            return result;
        } catch (SQLException | JdbiException e) {
            throw errors.beforeCommit(e);
        } finally {
            if (!done) {
                rollBack(session);
            }
        }
    }

    private void commit(SqliteSession session) {
        try {
            session.commit();
        } catch (SQLException e) {
            giveUp(session);
            throw errors.atCommit(e);
        }
    }

    private void rollBack(SqliteSession session) {
        try {
            session.rollBack();
        } catch (SQLException e) {
            giveUp(session); // SQLite rolled back by itself, or does so when the connection is closed
        }
    }

    private void giveUp(SqliteSession session) {
        session.close();
        writer = null;
    }

    /** Reads one snapshot. */
    <T> T read(Work<T> work) {
        requireOpen();
        try {
            if (!readers.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException("all " + READERS + " reading connections were busy for "
                        + PATIENCE.toSeconds() + " s; nothing was read, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for a connection; nothing was read", e);
        }
        try {
            requireOpen();
            return readOn(reader(), work);
        } catch (SQLException | JdbiException e) {
            throw errors.beforeCommit(e);
        } finally {
            readers.release();
        }
    }

    private SqliteSession reader() throws SQLException {
        SqliteSession session = idle.poll();
        return session == null ? SqliteSession.open(source.reader().open(), bound) : session;
    }

    private <T> T readOn(SqliteSession session, Work<T> work) throws SQLException {
        boolean sound = false;
        try {
            session.requireAutoCommit();
            session.begin("BEGIN");
            T result = work.on(session);
            session.commit();
            sound = true;
            return result;
        } finally {
            if (sound) {
                idle.push(session);
            } else {
                session.close();
            }
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new StoreClosedException("this SQLite store was closed; nothing was sent");
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
            closeReaders();
            closeWriter(); // last: one that only reads could not clear away the WAL
        } finally {
            turn.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeWriter() {
        turn.take(System.nanoTime() + PATIENCE.toNanos());
        try {
            SqliteSession session = writer;
            if (session != null) {
                giveUp(session);
            }
        } finally {
            turn.give();
        }
    }

    private void closeReaders() {
        // Not interruptible and not for ever: who still reads then is told so by its connection.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!readers.tryAcquire(READERS) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(BUSY_NAP_NANOS);
        }
        for (SqliteSession session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
        readers.release(READERS); // who waits for one learns that the store is closed
    }
}
