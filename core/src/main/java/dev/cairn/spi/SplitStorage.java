// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The atomic requests of a database that cannot put several of them into one transaction: each method is one command, and
 * anybody may die, or be late, between any two. {@link SplitProtocol} makes a store's methods of them. Throws what
 * {@link StateStore} throws; every request is safe to repeat. The protocol hands on what a request throws: once a request
 * of the same call has written, a later one that cannot be done must say {@code OutcomeUnknownException}, also where it has
 * itself done nothing.
 */
public interface SplitStorage {
    /**
     * A head as it stands.
     *
     * @param head empty if there is none
     * @param storeTime the store's clock, in milliseconds
     */
    record Seen(Optional<Head> head, Instant storeTime) {}

    /** A head as this request has made it, and the store's clock. */
    record Updated(Head head, Instant storeTime) {}

    /**
     * Entries in order of place.
     *
     * @param next the place where the next page begins; empty if these were the last
     */
    record Entries(List<Entry> entries, Optional<Long> next) {
        /** Copies the list. */
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Messages in order of receipt.
     *
     * @param isLast whether no more of them follow
     */
    record Messages(List<Received> messages, boolean isLast) {
        /** Copies the list. */
        public Messages {
            messages = List.copyOf(messages);
        }

        /**
         * The page that a read asks for, of a store that reads all messages of an incarnation.
         *
         * @param all in any order
         * @param after and {@code maxBytes} as they were asked for
         */
        public static Messages of(Collection<Received> all, Cursor.After after, int maxBytes) {
            List<Received> behind = all.stream()
                    .filter(received -> received.order() > after.order()
                            || (received.order() == after.order()
                                    && Names.BY_UTF_8.compare(received.message().id(), after.messageId()) > 0))
                    .sorted(Received.IN_ORDER)
                    .toList();
            int size = 0;
            long bytes = 0;
            for (Received received : behind) {
                bytes += received.message().payload().size();
                if (size > 0 && bytes > maxBytes) {
                    break;
                }
                size++;
            }
            return new Messages(behind.subList(0, size), size == behind.size());
        }
    }

    /** Reads the head of a run, strongly consistent; a deleted run's too. */
    Seen readHead(String runId);

    /**
     * Changes a head, or makes it, if it is as the update asks.
     *
     * @return the head it made; empty if the condition does not hold: nothing was written
     */
    Optional<Updated> updateHead(SplitUpdate update);

    /**
     * Removes a deleted run's head if it is as listed, without a lease, and names nothing beside it but these incarnations:
     * if {@link SplitUpdate.Unname#isLast} says so.
     *
     * @return whether it did
     */
    boolean removeHead(Erase.Fences listed, List<Incarnation> named);

    /**
     * Writes an entry if its place is free. Compares nothing else: see {@link SplitProtocol} for what a store looks at before.
     *
     * @return true if it did; false only if an entry, also this one or a stripped one, is at the place: so it is understood.
     *     What cannot be written for another reason is thrown
     */
    boolean insert(Entry entry);

    /**
     * Reads entries from a place on, strongly consistent, and as durable as an acknowledged write; none, if there are none.
     *
     * @param maxBytes of bodies; at least one entry is read, however large
     * @throws dev.cairn.error.CorruptException if a place before another is free, or all are, and the head says that the
     *     incarnation has begun
     */
    Entries readEntries(String runId, Incarnation incarnation, long from, int maxBytes);

    /** Strips the entries of an incarnation: each keeps its place and loses everything else. Not atomic as a whole. */
    void strip(String runId, Incarnation incarnation);

    /** Removes the entries of an incarnation with their places. Not atomic as a whole. */
    void removeEntries(String runId, Incarnation incarnation);

    /** Puts a message into the inbox of an incarnation, unless one with its id is there. */
    void putMessage(String runId, Incarnation incarnation, Received received);

    /**
     * Reads the messages of an incarnation, strongly consistent.
     *
     * @param after behind the message that it names; its order is -1 for the first
     * @param maxBytes of payloads; at least one message is read, however large
     */
    Messages readMessages(String runId, Cursor.After after, int maxBytes);

    /** Removes the messages of an incarnation. Not atomic as a whole. */
    void removeMessages(String runId, Incarnation incarnation);
}
