// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.spi.Entry;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreLocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Holds the lock file of a run, as whoever changes its head does. */
final class FolderLocks implements StoreLocks {
    @Override
    public Reach reach() {
        return Reach.RUN;
    }

    @Override
    public Held holdHead(StoreEnv env, String runId) {
        try {
            Holding held = new Holding(
                    new FolderFiles(env.folder().toRealPath(), env.options().lockBound()), runId);
            held.begun.await();
            return held;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A link is there or not: nobody can wait for a place. */
    @Override
    public Optional<Held> holdEntry(StoreEnv env, Entry entry) {
        return Optional.empty();
    }

    /** Nobody holds two of these locks. */
    @Override
    public OptionalLong deadlocks(StoreEnv env) {
        return OptionalLong.empty();
    }

    /** A thread that is inside the lock. */
    private static final class Holding implements Held {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final FutureTask<Object> inside;

        Holding(FolderFiles files, String runId) {
            inside = new FutureTask<>(() -> files.locked(runId, this::untilReleased));
            Thread thread = new Thread(inside, "folder-lock");
            thread.setDaemon(true);
            thread.start();
        }

        private Object untilReleased() {
            begun.countDown();
            try {
                released.await();
                return released;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Who waits asks the disk again and again, and nobody counts them. */
        @Override
        public OptionalInt waiting() {
            return OptionalInt.empty();
        }

        /** There is nothing to commit: a head is replaced at once. */
        @Override
        public void commit() {
            close();
        }

        @Override
        public void close() {
            released.countDown();
            try {
                inside.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
