// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Puts pages of a run together: head first, then entries, then messages. */
final class SplitPages {
    private static final int TRIES = 10;

    private final SplitStorage storage;
    private final int maxBytes;

    SplitPages(SplitStorage storage, int maxBytes) {
        this.storage = storage;
        this.maxBytes = maxBytes;
    }

    /** Empty if the run is not there, not of the cursor's incarnation, or removed under our eyes. */
    Optional<Page> read(String runId, Cursor from) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Page> page = readOnce(runId, from);
            // Stripped under our eyes: the head names another incarnation by now, or the run is gone.
            if (page.stream().flatMap(read -> read.entries().stream()).noneMatch(SplitPages::isStripped)) {
                return page;
            }
            if (from instanceof Cursor.After) {
                return Optional.empty();
            }
        }
        throw new StoreUnavailableException(
                "run " + runId + " was replaced " + TRIES + " times while it was read; nothing was changed, try again");
    }

    private static boolean isStripped(Entry entry) {
        return entry.kind() == EntryKind.STRIPPED;
    }

    private Optional<Page> readOnce(String runId, Cursor from) {
        SplitStorage.Seen seen = storage.readHead(runId);
        Head head = seen.head().filter(h -> h.status() != RunStatus.GONE).orElse(null);
        if (head == null) {
            return Optional.empty();
        }
        Cursor.After after = from instanceof Cursor.After a ? a : new Cursor.After(head.incarnation(), 0, -1, "");
        if (!after.incarnation().equals(head.incarnation())) {
            return Optional.empty();
        }
        SplitStorage.Entries page = storage.readEntries(runId, head.incarnation(), after.place(), maxBytes);
        return Optional.of(with(head, seen.storeTime(), page.entries(), page.next(), after));
    }

    /** The first page, of entries that were read. */
    Page with(Head head, Instant storeTime, List<Entry> entries, Optional<Long> next) {
        return with(head, storeTime, entries, next, new Cursor.After(head.incarnation(), 0, -1, ""));
    }

    private Page with(Head head, Instant storeTime, List<Entry> entries, Optional<Long> next, Cursor.After after) {
        if (next.isPresent()) {
            return new Page(
                    head,
                    storeTime,
                    entries,
                    List.of(),
                    Optional.of(new Cursor.After(after.incarnation(), next.get(), after.order(), after.messageId())));
        }
        // What was not counted when the head was read was not acknowledged either: it need not be looked for.
        if (head.signals() == 0) {
            return new Page(head, storeTime, entries, List.of(), Optional.empty());
        }
        int room = maxBytes
                - entries.stream().mapToInt(entry -> entry.body().size()).sum();
        long end = after.place() + entries.size();
        Cursor.After behind = new Cursor.After(after.incarnation(), end, after.order(), after.messageId());
        if (room < 1 && !entries.isEmpty()) {
            return new Page(head, storeTime, entries, List.of(), Optional.of(behind));
        }
        SplitStorage.Messages inbox = storage.readMessages(head.runId(), behind, Math.max(room, 1));
        return new Page(
                head,
                storeTime,
                entries,
                inbox.messages(),
                inbox.isLast() ? Optional.empty() : Optional.of(last(inbox, behind)));
    }

    private static Cursor.After last(SplitStorage.Messages inbox, Cursor.After behind) {
        Received last = inbox.messages().get(inbox.messages().size() - 1);
        return new Cursor.After(
                behind.incarnation(),
                behind.place(),
                last.order(),
                last.message().id());
    }
}
