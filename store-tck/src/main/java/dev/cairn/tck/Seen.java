// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Revision;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run as a reader sees it.
 *
 * @param entries all of them, counting or not
 * @param counting those that count and are no grants
 */
record Seen(Head head, List<Entry> entries, List<Entry> counting, List<Received> messages, Fold fold) {
    private static final int MOST_PAGES = 100_000;

    /** Reads a run in pages of this size; empty if there is none, or it was replaced meanwhile. */
    static Optional<Seen> read(StateStore store, String runId, int pageBytes) {
        List<Entry> entries = new ArrayList<>();
        List<Received> messages = new ArrayList<>();
        Cursor from = new Cursor.Start();
        while (true) {
            Optional<Page> found = store.read(new Read(runId, from, pageBytes));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Page page = found.get();
            entries.addAll(page.entries());
            messages.addAll(page.messages());
            if (page.next().isEmpty()) {
                return Optional.of(of(page.head(), entries, messages));
            }
            from = page.next().get();
        }
    }

    /** The entries as they are handed out, in pages of this size: not judged, so that a wrong order can be shown. */
    static List<Entry> entries(StateStore store, String runId, int pageBytes) {
        return store.read(new Read(runId, new Cursor.Start(), pageBytes))
                .map(page -> entries(store, runId, page, pageBytes))
                .orElse(List.of());
    }

    /** The entries that a grant hands over: its page and those behind it. */
    static List<Entry> entriesOf(StateStore store, Granted granted) {
        return entries(store, granted.lease().runId(), granted.page(), 4 << 20);
    }

    private static List<Entry> entries(StateStore store, String runId, Page first, int pageBytes) {
        List<Entry> entries = new ArrayList<>(first.entries());
        Optional<Cursor.After> from = first.next();
        for (int pages = 0; from.isPresent(); pages++) {
            if (pages > MOST_PAGES) {
                throw new IllegalStateException("run " + Words.quoted(runId) + " has no last page");
            }
            Optional<Page> page = store.read(new Read(runId, from.get(), pageBytes));
            page.ifPresent(found -> entries.addAll(found.entries()));
            from = page.flatMap(Page::next);
        }
        return entries;
    }

    /** What these entries make. */
    static Seen of(Head head, List<Entry> entries, List<Received> messages) {
        Fold fold = new Fold(head.runId(), head.incarnation());
        List<Entry> counting = new ArrayList<>();
        for (Entry entry : entries) {
            if (fold.add(entry) && !entry.kind().isGrant()) {
                counting.add(entry);
            }
        }
        return new Seen(head, List.copyOf(entries), List.copyOf(counting), List.copyOf(messages), fold);
    }

    /** All that was read, to be compared. */
    List<Object> all() {
        return List.of(head, entries, messages);
    }

    Revision revision() {
        return fold.revision();
    }

    /** The texts of the entries that count and are no grants. */
    List<String> texts() {
        return counting.stream().map(entry -> entry.body().asUtf8()).toList();
    }

    /** The next free place. */
    long length() {
        return entries.size();
    }
}
