// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;

/** The clock of a store that can be moved: of one in memory. */
@FunctionalInterface
public interface StoreClock {
    /** Moves it on, or, by a negative duration, back. */
    void move(Duration by);
}
