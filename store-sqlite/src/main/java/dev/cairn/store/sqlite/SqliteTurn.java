// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose turn it is to write to a file: in order among the threads of this JVM, and fair among processes, where SQLite's
 * own wait lets one of two starve. Only fairness rests on it; SQLite's lock keeps the data safe.
 *
 * <p>Between processes it is a turnstile of two locked bytes of {@code <file>.turn}: who waits for the turn holds the
 * queue, so that whoever gives the turn back cannot be the next to have it while another waits. Those are four system calls
 * for each write, so only who has found SQLite's own lock taken makes them, and everybody as long as such a one waits: a
 * flag in the file, which all of them have mapped, says so. One that a process left up as it died is taken down by the next
 * to pass. The file stays: a process that removed it would lock another one than its neighbours.
 */
final class SqliteTurn {
    /** A file lock belongs to the whole JVM, and closing any channel of the file drops it: one turn per file, shared. */
    private static final Map<Path, SqliteTurn> TURNS = new ConcurrentHashMap<>();

    private static final Logger LOG = LoggerFactory.getLogger(SqliteTurn.class);
    private static final long QUEUE = 0;
    private static final long TURN = 1;
    private static final int FLAG = 4;
    private static final int FILE_BYTES = 8;
    private static final VarHandle FLAGS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SHORT_NAP_NANOS = 20_000;
    private static final long LONG_NAP_NANOS = 500_000;
    private static final int SHORT_NAPS = 50;

    private final Path database;
    private final FileChannel channel;
    private final ByteBuffer mapped;
    private final ReentrantLock threads = new ReentrantLock(true);
    private int users; // changed only while its entry of TURNS is computed
    private @Nullable FileLock turn; // guarded by threads; null also in a turn for which nobody else waited

    private SqliteTurn(Path database) {
        this.database = database;
        Path file = Path.of(database + ".turn");
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
        } catch (IOException e) {
            throw new StorageUnusableException(
                    "the lock file " + file + " cannot be made: writers take turns by it; let this process write to the"
                            + " folder, or put the database into one where it may",
                    e);
        }
    }

    /**
     * Shares the turn of a database; each share is closed once.
     *
     * @param database the real path: two names of one file are one turn
     */
    static SqliteTurn share(Path database) {
        return Objects.requireNonNull(TURNS.compute(database, (path, shared) -> {
            SqliteTurn turn = shared == null ? new SqliteTurn(path) : shared;
            turn.users++;
            return turn;
        }));
    }

    /** Ends a share. */
    void close() {
        TURNS.compute(database, (path, shared) -> {
            users--;
            if (users > 0) {
                return this;
            }
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("the lock file {}.turn could not be closed", database, e);
            }
            return null;
        });
    }

    /**
     * Waits for the turn.
     *
     * @param deadline by {@link System#nanoTime()}
     * @throws StoreUnavailableException if it does not come in time, or the caller is interrupted, and stays it
     */
    void take(long deadline) {
        try {
            if (!threads.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw late("other threads of this process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
        boolean taken = false;
        try {
            // Of a turn that was closed nothing is taken: its locks refuse.
            if (isFlagUp() || !channel.isOpen()) {
                standInLine(deadline);
            }
            taken = true;
        } finally {
            if (!taken) {
                give();
            }
        }
    }

    /**
     * Waits until it is this process's turn, for one that has met another who writes; until then all that come stand in line
     * behind it. Called in a turn that was taken, which is still to be given if this throws.
     *
     * @throws StoreUnavailableException as of {@link #take(long)}
     */
    void standInLine(long deadline) {
        if (turn != null) {
            return;
        }
        try {
            FileLock queue = lock(QUEUE, deadline);
            try {
                setFlag(1);
                turn = lock(TURN, deadline);
            } finally {
                queue.release();
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "the lock file " + database + ".turn cannot be locked; nothing was done, try again", e);
        }
    }

    /** Gives the turn to who waits for it; never fails, for what was written in it is written. */
    void give() {
        try {
            FileLock held = turn;
            if (held != null) {
                try (held) {
                    lowerFlag();
                }
            }
        } catch (IOException e) {
            LOG.warn("the lock file {}.turn could not be unlocked", database, e);
        } finally {
            turn = null;
            threads.unlock();
        }
    }

    /** Only who has the turn takes the flag down, and only while nobody is in the queue, who has put it up. */
    private void lowerFlag() throws IOException {
        FileLock queue = tryLock(QUEUE);
        if (queue != null) {
            setFlag(0);
            queue.release();
        }
    }

    private boolean isFlagUp() {
        return (int) FLAGS.getAcquire(mapped, FLAG) != 0;
    }

    private void setFlag(int value) {
        FLAGS.setVolatile(mapped, FLAG, value);
    }

    private FileLock lock(long at, long deadline) throws IOException {
        for (int naps = 0; ; naps++) {
            FileLock lock = tryLock(at);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw late("other processes");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(null);
            }
            nap(naps);
        }
    }

    /** A pause before the next look at a lock; short ones first, for a write takes as long as one. */
    static void nap(int before) {
        LockSupport.parkNanos(before < SHORT_NAPS ? SHORT_NAP_NANOS : LONG_NAP_NANOS);
    }

    private @Nullable FileLock tryLock(long at) throws IOException {
        try {
            return channel.tryLock(at, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // a copy of this class in another class loader has it
        }
    }

    private StoreUnavailableException late(String who) {
        return new StoreUnavailableException("SQLite file " + database + ": " + who
                + " were writing for longer than the lock bound; nothing was done, try again or raise the lock bound");
    }

    private StoreUnavailableException interrupted(@Nullable Throwable cause) {
        return new StoreUnavailableException(
                "interrupted while waiting to write to SQLite file " + database + "; nothing was done", cause);
    }
}
