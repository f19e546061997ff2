// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.state.StepOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time load a key, and the others wait for it. */
final class Flights {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Flight> underWay = new HashMap<>();
    private final Map<Thread, Flight> waiting = new HashMap<>();

    /** What a thread that found a key missing does next. */
    sealed interface Turn {
        /** Loads it, and lands the flight whatever happens. */
        record Load(Flight flight) implements Turn {}

        /** Takes what another thread loaded. */
        record Shared(StepOutcome outcome) implements Turn {}

        /** Looks into the cache again: the load it waited for failed, or was all but over when it came. */
        record LookAgain() implements Turn {}
    }

    /** A load under way. Its fields are read and written under the lock. */
    static final class Flight {
        private final String key;
        private final Thread loader;
        private final Condition end;
        private boolean closed;
        private boolean landed;
        private @Nullable StepOutcome outcome;

        private Flight(String key, Thread loader, Condition end) {
            this.key = key;
            this.loader = loader;
            this.end = end;
        }
    }

    /**
     * Begins the load of a key, or waits for the end of the one under way.
     *
     * @throws IllegalStateException if that one waits for the calling thread, or runs on it
     */
    Turn enter(String key) throws InterruptedException {
        lock.lock();
        try {
            Flight flight = underWay.get(key);
            if (flight != null) {
                return await(flight);
            }
            Flight begun = new Flight(key, Thread.currentThread(), lock.newCondition());
            underWay.put(key, begun);
            return new Turn.Load(begun);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets nobody else share the outcome. Comes before the outcome is put into the cache: whoever then sees it there and
     * deletes it asks for a new load, and must not be handed the old one.
     */
    void close(Flight flight) {
        lock.lock();
        try {
            flight.closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the outcome to those who waited before the flight was closed. */
    void share(Flight flight, StepOutcome outcome) {
        lock.lock();
        try {
            flight.outcome = outcome;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the load and lets the waiting go on; where nothing was shared, one of them loads. */
    void land(Flight flight) {
        lock.lock();
        try {
            underWay.remove(flight.key);
            flight.landed = true;
            flight.end.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many threads wait now. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private Turn await(Flight flight) throws InterruptedException {
        refuseCircle(flight);
        boolean late = flight.closed;
        waiting.put(Thread.currentThread(), flight);
        try {
            while (!flight.landed) {
                flight.end.await();
            }
        } finally {
            waiting.remove(Thread.currentThread());
        }
        StepOutcome outcome = flight.outcome;
        return late || outcome == null ? new Turn.LookAgain() : new Turn.Shared(outcome);
    }

    private void refuseCircle(Flight flight) {
        for (Flight next = flight; next != null; next = waiting.get(next.loader)) {
            if (next.loader.equals(Thread.currentThread())) {
                throw new IllegalStateException("the loader of step cache key " + next.key + " asks for key "
                        + flight.key + ", which waits for that loader: neither could end");
            }
        }
    }
}
