// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The journal of one incarnation as far as it was read: folded, and its first page kept. Not thread-safe. */
final class SplitJournal {
    private final SplitStorage storage;
    private final String runId;
    private final Incarnation incarnation;
    private final int pageBytes;
    private final Fold fold;
    private final List<Entry> firstPage = new ArrayList<>();
    private final List<Entry> grants = new ArrayList<>();
    private boolean firstPageIsFull;

    SplitJournal(SplitStorage storage, String runId, Incarnation incarnation, int pageBytes) {
        this.storage = storage;
        this.runId = runId;
        this.incarnation = incarnation;
        this.pageBytes = pageBytes;
        this.fold = new Fold(runId, incarnation);
    }

    /** Reads from where it stands to the end. */
    SplitJournal readOn() {
        Optional<Long> from = Optional.of(fold.length());
        while (from.isPresent()) {
            SplitStorage.Entries page = storage.readEntries(runId, incarnation, from.get(), pageBytes);
            page.entries().forEach(this::add);
            firstPageIsFull |= page.next().isPresent();
            from = page.next();
        }
        return this;
    }

    /** Takes an entry that this party has just written behind what was read. */
    void add(Entry entry) {
        fold.add(entry);
        if (entry.kind().isGrant()) {
            grants.add(entry);
        }
        if (!firstPageIsFull) {
            firstPage.add(entry);
        }
    }

    Fold fold() {
        return fold;
    }

    /** The last grant of this lease id, whatever its token, and whether it counts or not. */
    @Nullable
    Entry grantOf(LeaseId id) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            if (grants.get(i).lease().id().equals(id)) {
                return grants.get(i);
            }
        }
        return null;
    }

    /** Entry 0 and the end; nothing, if it has not ended. */
    List<Entry> ended() {
        return fold.end()
                .map(end -> firstPage.get(0).equals(end) ? List.of(end) : List.of(firstPage.get(0), end))
                .orElse(List.of());
    }

    /** The page that a grant hands over: the first entries, and the messages where they are all. */
    Page firstPage(SplitStorage.Updated head) {
        return new SplitPages(storage, pageBytes)
                .with(
                        head.head(),
                        head.storeTime(),
                        firstPage,
                        firstPageIsFull ? Optional.of((long) firstPage.size()) : Optional.empty());
    }
}
