// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.PrintStream;

/** Shows how many orders have ended. Safe for use by many threads. */
interface Progress {
    /** One more order has ended. */
    void orderEnded();

    /** No more orders will end. */
    void done();

    /** A bar where there is a terminal, a line for every tenth of the orders elsewhere. */
    static Progress on(PrintStream out, int orders) {
        return Terminal.isThere() ? new ProgressBar(out, orders) : new ProgressLines(out, orders);
    }
}
