// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;

/** Times as stores keep them: whole milliseconds since 1970. */
public final class Millis {
    private Millis() {}

    /**
     * A time in whole milliseconds, finer ones rounded up, so that nothing is due too early (contract SIG-06) and a half-open
     * range stays the same; what a number of milliseconds cannot hold is the last or first that it can.
     */
    public static long ceil(Instant time) {
        try {
            long floor = time.toEpochMilli();
            return time.isAfter(Instant.ofEpochMilli(floor)) ? Math.addExact(floor, 1) : floor;
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
