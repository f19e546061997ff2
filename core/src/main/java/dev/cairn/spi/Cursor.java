// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** Where a page of a run begins. */
public sealed interface Cursor {
    /** The first place of whatever incarnation is the run. */
    record Start() implements Cursor {}

    /**
     * Behind what a page held, in the same incarnation.
     *
     * @param place the next place to read
     * @param order of the last message that was read, or -1
     * @param messageId of that message, or empty
     */
    record After(Incarnation incarnation, long place, long order, String messageId) implements Cursor {
        /** Checks the numbers. */
        public After {
            if (place < 0 || order < -1) {
                throw new IllegalArgumentException(
                        "a cursor's place is at least 0 and its order at least -1, were " + place + ", " + order);
            }
        }
    }
}
