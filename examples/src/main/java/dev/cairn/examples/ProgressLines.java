// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/** Prints a line for every tenth of the orders. */
final class ProgressLines implements Progress {
    private final PrintStream out;
    private final int orders;
    private final AtomicLong ended = new AtomicLong();

    ProgressLines(PrintStream out, int orders) {
        this.out = out;
        this.orders = orders;
    }

    @Override
    public void orderEnded() {
        long now = ended.incrementAndGet();
        if (now * 10 / orders != (now - 1) * 10 / orders) {
            out.println(now + " of " + orders + " orders");
        }
    }

    @Override
    public void done() {}
}
