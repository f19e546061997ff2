// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.PrintStream;
import java.util.concurrent.locks.ReentrantLock;

/** Draws a bar on one line of a terminal, over and over. */
final class ProgressBar implements Progress {
    private static final int WIDTH = 40;

    private final ReentrantLock lock = new ReentrantLock();
    private final PrintStream out;
    private final int orders;
    private int ended;

    ProgressBar(PrintStream out, int orders) {
        this.out = out;
        this.orders = orders;
    }

    @Override
    public void orderEnded() {
        lock.lock();
        try {
            ended++;
            int full = (int) ((long) ended * WIDTH / orders);
            out.print("\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + ended + " of " + orders + " orders");
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void done() {
        out.println();
    }
}
