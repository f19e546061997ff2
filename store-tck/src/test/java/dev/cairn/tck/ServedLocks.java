// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Locks of a server in this process, of heads and of places, that a session outside of the store can hold. */
final class ServedLocks implements StoreLocks {
    /**
     * What is held.
     *
     * @param place empty for the head
     */
    record Row(String storage, String namespace, String runId, Optional<Long> place) {}

    private final Function<StoreEnv, StateStore> stores;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final Set<Row> held = new HashSet<>();
    private int waiting;

    /** @param stores the store under the locks, into which an entry goes that is committed */
    ServedLocks(Function<StoreEnv, StateStore> stores) {
        this.stores = stores;
    }

    @Override
    public Reach reach() {
        return Reach.RUN;
    }

    @Override
    public Held holdHead(StoreEnv env, String runId) {
        return new Session(new Row(env.storage(), env.namespace(), runId, Optional.empty()), () -> {});
    }

    @Override
    public Optional<Held> holdEntry(StoreEnv env, Entry entry) {
        Row row = new Row(env.storage(), env.namespace(), entry.lease().runId(), Optional.of(entry.place()));
        return Optional.of(new Session(row, () -> {
            List<Appended> answer = stores.apply(env).append(List.of(entry));
            if (!answer.equals(List.of(new Appended.Written()))) {
                throw new AssertionError(answer);
            }
        }));
    }

    /** Nobody keeps a lock here while it waits for another. */
    @Override
    public OptionalLong deadlocks(StoreEnv env) {
        return OptionalLong.empty();
    }

    /** Does something once none of these rows is held. */
    <T> T free(Duration bound, Predicate<Row> rows, Supplier<T> work) {
        lock.lock();
        try {
            long left = bound.toNanos();
            waiting++;
            try {
                while (held.stream().anyMatch(rows)) {
                    if (left <= 0) {
                        throw new StoreUnavailableException("locked for longer than " + bound + "; nothing was done");
                    }
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("interrupted; nothing was done", e);
            } finally {
                waiting--;
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private final class Session implements Held {
        private final Row row;
        private final Runnable commits;

        Session(Row row, Runnable commits) {
            this.row = row;
            this.commits = commits;
            change(() -> held.add(row));
        }

        @Override
        public OptionalInt waiting() {
            lock.lock();
            try {
                return OptionalInt.of(waiting);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void commit() {
            change(() -> {
                commits.run();
                held.remove(row);
            });
        }

        @Override
        public void close() {
            change(() -> held.remove(row));
        }

        private void change(Runnable change) {
            lock.lock();
            try {
                change.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
