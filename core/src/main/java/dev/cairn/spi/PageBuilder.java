// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CorruptException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fills a page with what a store reads, entries in order of place and then messages in order of receipt, until its bytes
 * are used up; the first one fits, however large. Not thread-safe.
 */
public final class PageBuilder {
    /** What an entry or a message takes beside its body; without it, a page of empty ones would have no end. */
    public static final int FRAME_BYTES = 64;

    private final Head head;
    private final Instant storeTime;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Received> messages = new ArrayList<>();
    private Cursor.After next;
    private long room;

    /** Begins a page of the head's incarnation. */
    public PageBuilder(Head head, Instant storeTime, Cursor from, int maxBytes) {
        this.head = head;
        this.storeTime = storeTime;
        this.next = from instanceof Cursor.After after ? after : new Cursor.After(head.incarnation(), 0, -1, "");
        this.room = maxBytes;
    }

    /** Where what is to be read next begins. */
    public Cursor.After next() {
        return next;
    }

    /**
     * Adds the next entry.
     *
     * @return false if there is no room: the page ends before it
     * @throws CorruptException if a place before it is free: nothing behind a gap is handed out (contract STEP-09)
     */
    public boolean add(Entry entry) {
        if (entry.place() != next.place()) {
            throw new CorruptException("run " + head.runId() + ", incarnation " + head.incarnation() + ": place "
                    + next.place()
                    + " is free before a later entry; restore the database from a backup, or delete the run");
        }
        if (!fits(entry.body().size())) {
            return false;
        }
        entries.add(entry);
        next = new Cursor.After(next.incarnation(), next.place() + 1, next.order(), next.messageId());
        return true;
    }

    /**
     * Adds the next message, once there are no more entries.
     *
     * @return false if there is no room: the page ends before it
     */
    public boolean add(Received received) {
        if (!fits(received.message().payload().size())) {
            return false;
        }
        messages.add(received);
        next = new Cursor.After(
                next.incarnation(),
                next.place(),
                received.order(),
                received.message().id());
        return true;
    }

    private boolean fits(int bytes) {
        boolean first = entries.isEmpty() && messages.isEmpty();
        room -= FRAME_BYTES + (long) bytes;
        return first || room >= 0;
    }

    /**
     * The page.
     *
     * @param last whether there is nothing behind what was added
     */
    public Page build(boolean last) {
        return new Page(head, storeTime, entries, messages, last ? Optional.empty() : Optional.of(next));
    }
}
