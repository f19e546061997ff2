// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Revision;
import dev.cairn.spi.StateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as a reader sees it.
 *
 * @param storeTime when it was read
 * @param entries all of them, counting or not
 * @param counting those that count and are no grants
 */
record Seen(
        Head head, Instant storeTime, List<Entry> entries, List<Entry> counting, List<Received> messages, Fold fold) {
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
                return Optional.of(of(page, entries, messages));
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

    /** What a page makes that is all of a run. */
    static Seen of(Page page) {
        return of(page, page.entries(), page.messages());
    }

    /** What these entries make. */
    static Fold folded(Head head, List<Entry> entries) {
        Fold fold = new Fold(head.runId(), head.incarnation());
        entries.forEach(fold::add);
        return fold;
    }

    private static Seen of(Page page, List<Entry> entries, List<Received> messages) {
        Head head = page.head();
        Fold fold = new Fold(head.runId(), head.incarnation());
        List<Entry> counting = new ArrayList<>();
        for (Entry entry : entries) {
            if (fold.add(entry) && !entry.kind().isGrant()) {
                counting.add(entry);
            }
        }
        return new Seen(
                head, page.storeTime(), List.copyOf(entries), List.copyOf(counting), List.copyOf(messages), fold);
    }

    /** All that was read: of a run that nobody asked anything of, none of it may be other. */
    List<Object> all() {
        return List.of(head, entries, messages);
    }

    /**
     * Whether a reader sees the same run: what a request that was refused, or came again, leaves. The same fold, the same
     * inbox, the same head, the same holder. The token, what is left of a lease that has run out, and entries that do not
     * count may be other: a store whose acquire takes several requests has taken the lease before it finds a reason to
     * refuse (protocol R3). When it changed may be other too, and is compared where nothing was settled.
     */
    boolean isSameRunAs(Seen other) {
        return differencesTo(other).isEmpty();
    }

    /** The parts of which {@link #isSameRunAs} speaks that are other in this one; no values. */
    List<String> differencesTo(Seen other) {
        Map<String, Object> others = other.parts();
        return parts().entrySet().stream()
                .filter(part -> !part.getValue().equals(others.get(part.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Map<String, Object> parts() {
        Optional<Lease> holder = head.standing().filter(lease -> head.isLeased(storeTime));
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("incarnation", head.incarnation());
        parts.put("entries that count", counting);
        parts.put("first grant", entries.stream().limit(1).toList());
        parts.put("end", fold.end());
        parts.put("suspension", fold.suspension());
        parts.put("inbox", messages);
        parts.put("holder", holder);
        parts.put("time of the holder", holder.flatMap(lease -> head.lease()));
        parts.put("whether the holder's commits count", holder.filter(fold::isHeldBy));
        parts.put("status", head.status());
        parts.put("workflow and version", List.of(head.workflow(), head.version()));
        parts.put("due time", head.due());
        parts.put("names it waits for", head.awaits());
        parts.put("number of signals", head.signals());
        parts.put("labels", head.labels());
        parts.put("progress", head.progress());
        parts.put("reason", head.reason());
        parts.put("incarnations beside it", head.beside().keySet());
        parts.put("token of a source", head.sourceToken());
        parts.put("time of creation", head.created());
        return parts;
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
