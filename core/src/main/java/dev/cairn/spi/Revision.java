// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/**
 * What a run's journal holds, for optimistic concurrency: a takeover does not change it, a step does (protocol R10).
 *
 * @param count the number of counting entries that are no grants
 */
public record Revision(Incarnation incarnation, long count) {
    /** Checks the count. */
    public Revision {
        if (count < 0) {
            throw new IllegalArgumentException("a revision's count must be at least 0, was " + count);
        }
    }
}
