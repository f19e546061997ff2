// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A bank behind which the process dies at the worst moment: the n-th charge has reached it, and the step that asked for it is
 * not recorded yet.
 */
final class KillingBank implements Bank {
    private static final int SIGKILL_STATUS = 137;

    private final Bank bank;
    private final int killAfter;
    private final AtomicInteger charges = new AtomicInteger();

    KillingBank(Bank bank, int killAfter) {
        this.bank = bank;
        this.killAfter = killAfter;
    }

    @Override
    public Receipt charge(Order order, String idempotencyKey) throws SQLException {
        Receipt receipt = bank.charge(order, idempotencyKey);
        if (charges.incrementAndGet() == killAfter) {
            die();
        }
        return receipt;
    }

    private static void die() {
        try {
            new ProcessBuilder(
                            "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start();
        } catch (IOException e) {
            // Where there is no such command, this is as sudden: no hook and no finally runs.
            Runtime.getRuntime().halt(SIGKILL_STATUS);
        }
        // The signal is on its way; until it is here, nothing more may be recorded by this thread.
        while (true) {
            LockSupport.park();
        }
    }
}
