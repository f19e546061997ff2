// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.StateStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A process's view of a store, with a fault at its k-th request. Asking for the facts is no request. */
final class FaultyStore extends SeenStore {
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile int at;
    private volatile boolean dead;
    private volatile Runnable act = () -> {};
    private volatile int actAt;

    /** What befalls a request. */
    enum Fault {
        NONE,
        /** It is not executed, and no answer comes. */
        UNKNOWN_BEFORE,
        /** It is executed, and no answer comes. */
        UNKNOWN_AFTER,
        /** It is refused before anything is done. */
        UNAVAILABLE,
        /** The store has a defect. */
        BROKEN,
        /** The process dies before it is sent. */
        DEATH_BEFORE,
        /** The process dies when it is executed. */
        DEATH_AFTER;

        boolean isDeath() {
            return this == DEATH_BEFORE || this == DEATH_AFTER;
        }
    }

    /** The process is no more: an error that nobody handles. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(String message) {
            super(message);
        }
    }

    FaultyStore(StateStore store) {
        super(store);
    }

    /** From now on, the {@code number}-th request meets this fault. */
    FaultyStore failing(Fault what, int number) {
        requests.set(0);
        at = number;
        fault = what;
        return this;
    }

    /** Before the {@code number}-th request, something happens. */
    void before(Runnable what, int number) {
        act = what;
        actAt = number;
    }

    /** The number of requests since the fault was chosen. */
    int requests() {
        return requests.get();
    }

    @Override
    <T> T send(String name, Supplier<T> request) {
        if (dead) {
            throw new Death(name + " by a dead process");
        }
        int number = requests.incrementAndGet();
        if (number == actAt) {
            act.run();
        }
        boolean here = number == at;
        if (!here || fault == Fault.NONE) {
            return request.get();
        }
        String what = fault + " at request " + at + ", " + name;
        if (fault == Fault.UNAVAILABLE) {
            throw new StoreUnavailableException(what);
        }
        if (fault == Fault.BROKEN) {
            throw new IllegalStateException(what);
        }
        boolean executed = fault == Fault.UNKNOWN_AFTER || fault == Fault.DEATH_AFTER;
        T lost = executed ? request.get() : null;
        if (fault.isDeath()) {
            dead = true;
            throw new Death(what + ", lost " + lost);
        }
        throw new OutcomeUnknownException(what + ", lost " + lost);
    }
}
