// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews together, at a third of their length, the leases of all runs that this process executes. One daemon thread, started
 * with the first lease. A renewal that fails is repeated sooner; the run itself stops when its margin is gone.
 */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private static final long LONGEST_END_MILLIS = 1000;

    private final StateStore store;
    private final HolderClock clock;
    private final Duration period;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Kept> kept = new LinkedHashSet<>();
    private volatile @Nullable Thread thread;
    private boolean closed;
    private boolean failing; // used by the heartbeat's thread alone

    /** A run whose lease is kept. */
    interface Kept {
        HeldLease lease();

        String currentProgress();

        /** Is told, on the keeper's thread, that the lease does not stand any more. */
        void lost();
    }

    LeaseKeeper(StateStore store, HolderClock clock, Duration leaseTtl) {
        this.store = store;
        this.clock = clock;
        this.period = leaseTtl.dividedBy(3);
    }

    void keep(Kept run) {
        lock.lock();
        try {
            kept.add(run);
            if (thread == null && !closed) {
                Thread beating = new Thread(this::beat, "cairn-heartbeat-" + store.namespace());
                beating.setDaemon(true);
                beating.start();
                thread = beating;
            }
        } finally {
            lock.unlock();
        }
    }

    void release(Kept run) {
        lock.lock();
        try {
            kept.remove(run);
        } finally {
            lock.unlock();
        }
    }

    private void beat() {
        Duration pause = period;
        while (true) {
            List<Kept> runs = awaitBeat(pause);
            if (runs == null) {
                return;
            }
            pause = renewed(runs) ? period : period.dividedBy(4);
        }
    }

    private @Nullable List<Kept> awaitBeat(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return closed ? null : new ArrayList<>(kept);
        } catch (InterruptedException e) {
            // Nobody but close() ends this thread, and it does so by the flag.
            return closed ? null : List.of();
        } finally {
            lock.unlock();
        }
    }

    private boolean renewed(List<Kept> runs) {
        if (runs.isEmpty()) {
            return true;
        }
        try {
            boolean all = renew(runs);
            failing = false;
            return all;
        } catch (RuntimeException | Error e) {
            // Whatever a store throws, the other runs of this process still need their heartbeat. Said once in a row.
            if (!failing) {
                LOG.warn("{} leases could not be renewed by {}; trying again", runs.size(), e.toString());
            }
            failing = true;
            LOG.debug("the heartbeat's failure", e);
            return false;
        }
    }

    /** Renews these leases now, in one request; those that are lost are told so. Answers whether none is left to try again. */
    boolean renew(List<Kept> runs) {
        List<Renewal> renewals = runs.stream()
                .map(run -> new Renewal(run.lease().lease(), run.lease().ttl(), run.currentProgress()))
                .toList();
        boolean all = true;
        HolderClock.Mark sent = clock.now();
        List<Renewed> answers = store.renew(renewals);
        for (int i = 0; i < answers.size(); i++) {
            Kept run = runs.get(i);
            if (answers.get(i) instanceof Renewed.Held held) {
                run.lease().renewed(sent, held.timeLeft());
            } else if (answers.get(i) instanceof Renewed.Lost && isKept(run)) {
                run.lost();
            } else if (answers.get(i) instanceof Renewed.Failed failed) {
                LOG.debug(
                        "the lease of run {} could not be renewed",
                        run.lease().lease().runId(),
                        failed.cause());
                all = false;
            }
        }
        return all;
    }

    /** A run that has been settled since the request was sent has given its lease back: that is no loss. */
    private boolean isKept(Kept run) {
        lock.lock();
        try {
            return kept.contains(run);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        awaitEnd();
    }

    /** A heartbeat that is under way ends with its request, which the store bounds. */
    private void awaitEnd() {
        Thread beating = thread;
        if (beating == null || beating == Thread.currentThread()) {
            return;
        }
        try {
            beating.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
