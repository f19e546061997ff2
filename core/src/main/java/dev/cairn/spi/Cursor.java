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
    record After(Incarnation incarnation, long place, long order, String messageId) implements Cursor {}
}
