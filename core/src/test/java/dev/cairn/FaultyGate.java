// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.spi.SplitInMemoryStore;
import java.util.concurrent.atomic.AtomicInteger;

/** A fault at the k-th part of what a process sends to a split store. */
final class FaultyGate implements SplitInMemoryStore.Gate {
    private final Fault fault;
    private final int at;
    private final AtomicInteger parts = new AtomicInteger();
    /** The part that a thread has sent last: the members of a group send side by side. */
    private final ThreadLocal<Integer> sent = ThreadLocal.withInitial(() -> 0);

    private volatile boolean dead;

    FaultyGate(Fault fault, int at) {
        this.fault = fault;
        this.at = at;
    }

    /** The number of parts that were sent, or would have been. */
    int parts() {
        return parts.get();
    }

    @Override
    public void at(String request, When when) {
        if (dead) {
            throw new FaultyStore.Death(request + " by a dead process");
        }
        if (when == When.BEFORE) {
            sent.set(parts.incrementAndGet());
        }
        int number = sent.get();
        boolean after = fault == Fault.UNKNOWN_AFTER || fault == Fault.DEATH_AFTER;
        if (number != at || after != (when == When.AFTER)) {
            return;
        }
        String what = fault + " at part " + at + ", " + request;
        if (fault.isDeath()) {
            dead = true;
            throw new FaultyStore.Death(what);
        }
        throw new OutcomeUnknownException(what);
    }
}
