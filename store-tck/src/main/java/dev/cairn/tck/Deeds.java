// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** What a clause did to a store, in words: the last of it, for the report of a failure. Safe for use by many threads. */
final class Deeds {
    private static final int KEPT = 10;
    /** Far above what any clause does: a wrong store must not keep one going for ever. */
    private static final long MOST = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> last = new ArrayDeque<>();
    private long count;

    void add(String deed) {
        lock.lock();
        try {
            count++;
            last.add(deed);
            if (last.size() > KEPT) {
                last.remove();
            }
            if (count > MOST) {
                throw new ClauseFailed("an end of the clause", "more than " + MOST + " calls of the store");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            String text = String.join("; ", last);
            return count > last.size() ? "(" + (count - last.size()) + " before) " + text : text;
        } finally {
            lock.unlock();
        }
    }
}
