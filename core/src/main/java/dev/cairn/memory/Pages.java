// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Head;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import dev.cairn.state.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Cuts a run into pages. */
final class Pages {
    /** What an entry or message takes beside its bytes; without it, a page of empty ones would have no end. */
    private static final int FRAME_BYTES = 64;

    private final Head head;
    private final StoredJournal journal;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Received> messages = new ArrayList<>();
    private long room;
    private Cursor.After next;

    private Pages(Head head, StoredJournal journal, int maxBytes) {
        this.head = head;
        this.journal = journal;
        this.room = maxBytes;
        this.next = new Cursor.After(head.incarnation(), 0, -1, "");
    }

    static Page cut(Head head, StoredJournal journal, Cursor from, int maxBytes, Instant now) {
        Pages pages = new Pages(head, journal, maxBytes);
        if (from instanceof Cursor.After after) {
            pages.next = after;
        }
        boolean all = pages.takeEntries() && pages.takeMessages();
        return new Page(head, now, pages.entries, pages.messages, all ? Optional.empty() : Optional.of(pages.next));
    }

    private boolean takeEntries() {
        for (long place = next.place(); place < journal.length(); place++) {
            Entry entry = journal.at(place).orElseThrow();
            if (!fits(entry.body())) {
                return false;
            }
            entries.add(entry);
            next = new Cursor.After(head.incarnation(), place + 1, next.order(), next.messageId());
        }
        return true;
    }

    private boolean takeMessages() {
        for (Received received : unread()) {
            if (!fits(received.message().payload())) {
                return false;
            }
            messages.add(received);
            next = new Cursor.After(
                    head.incarnation(),
                    next.place(),
                    received.order(),
                    received.message().id());
        }
        return true;
    }

    private Collection<Received> unread() {
        return next.order() < 0
                ? journal.inbox()
                : journal.inboxAfter(
                        new Received(new Message(next.messageId(), next.messageId(), Bytes.empty()), next.order()));
    }

    private boolean fits(Bytes bytes) {
        boolean first = entries.isEmpty() && messages.isEmpty();
        room -= FRAME_BYTES + bytes.size();
        return first || room >= 0;
    }
}
