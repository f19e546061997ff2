// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Lets runs take turns: one works and the others stand still. So all of them meet the same moments of a machine whose disk
 * and processors are now fast, now slow, and what they took can be compared.
 */
final class Turns {
    /** What is done in turns. */
    interface Work {
        void in(Turn turn) throws Exception;
    }

    private final List<Semaphore> gates = new ArrayList<>();
    // Read and written by whoever has the turn; the gates order that.
    private final boolean[] gone;

    /** Gives the first turn to the first. */
    Turns(int count) {
        gone = new boolean[count];
        for (int i = 0; i < count; i++) {
            gates.add(new Semaphore(i == 0 ? 1 : 0));
        }
    }

    /** Waits for the first turn of this one, does the work, and is gone; also if it throws. */
    void take(int index, Work work) throws Exception {
        gates.get(index).acquireUninterruptibly();
        try {
            work.in(() -> pass(index));
        } finally {
            gone[index] = true;
            int next = next(index);
            if (next != index) {
                gates.get(next).release();
            }
        }
    }

    private void pass(int index) {
        int next = next(index);
        if (next != index) {
            gates.get(next).release();
            gates.get(index).acquireUninterruptibly();
        }
    }

    /** The next that is not gone; itself if there is none. */
    private int next(int index) {
        for (int i = 1; i < gone.length; i++) {
            int next = (index + i) % gone.length;
            if (!gone[next]) {
                return next;
            }
        }
        return index;
    }
}
