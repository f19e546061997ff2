// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CorruptException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which entries of a journal count: the one function that replay, load, takeover, restore, move and purge use.
 *
 * <p>A grant counts if its token is above that of every grant before it, and, after a counting end, only if it is marked
 * reopen. Any other entry counts only if it carries the token and lease id of the last counting grant, and nothing after
 * a counting end. Fed one entry after the other from place 0, so that a run is folded page by page. Not thread-safe.
 */
public final class Fold {
    private final String runId;
    private final Incarnation incarnation;
    private long length;
    private long highestToken;
    private long count;
    private boolean stripped;
    private @Nullable Entry grant;
    private @Nullable Entry end;
    private @Nullable Entry suspension;

    /** Begins at place 0 of an incarnation. */
    public Fold(String runId, Incarnation incarnation) {
        this.runId = runId;
        this.incarnation = incarnation;
    }

    /**
     * Takes the next entry.
     *
     * @return whether it counts
     * @throws CorruptException if a place before it is free (contract STEP-09)
     */
    public boolean add(Entry entry) {
        if (entry.place() != length) {
            throw new CorruptException("run " + runId + ", incarnation " + incarnation + ": place " + length
                    + " is free or missing before the entry at place " + entry.place()
                    + "; nothing after it is used. Restore the storage from a backup, or delete the run");
        }
        length++;
        boolean counts = counts(entry);
        if (entry.kind() == EntryKind.STRIPPED) {
            stripped = true;
        }
        if (entry.kind().isGrant()) {
            highestToken = Math.max(highestToken, entry.lease().token());
        }
        if (counts) {
            accept(entry);
        }
        return counts;
    }

    private boolean counts(Entry entry) {
        if (entry.kind().isGrant()) {
            return entry.lease().token() > highestToken && (end == null || entry.kind() == EntryKind.REOPEN);
        }
        return entry.kind() != EntryKind.STRIPPED && end == null && grant != null && entry.isUnder(grant.lease());
    }

    private void accept(Entry entry) {
        if (entry.kind().isGrant()) {
            grant = entry;
            end = null;
            return;
        }
        count++;
        suspension = entry.kind() == EntryKind.SUSPENSION ? entry : null;
        if (entry.kind() == EntryKind.END) {
            end = entry;
        }
    }

    /** The number of places read: the next free one. */
    public long length() {
        return length;
    }

    /** What the journal holds, as a revision. */
    public Revision revision() {
        return new Revision(incarnation, count);
    }

    /** The last grant that counts. */
    public Optional<Entry> grant() {
        return Optional.ofNullable(grant);
    }

    /** The end, if the last word of the journal is one. */
    public Optional<Entry> end() {
        return Optional.ofNullable(end);
    }

    /** The suspension, if nothing but grants came after it. */
    public Optional<Entry> suspension() {
        return Optional.ofNullable(suspension);
    }

    /** The highest token of any grant, counting or not: whoever has a lower one has lost (protocol R1). */
    public long highestToken() {
        return highestToken;
    }

    /** Whether a place was stripped: the incarnation is gone. */
    public boolean isStripped() {
        return stripped;
    }

    /** Whether the lease stands: its grant is the last that counts. */
    public boolean isHeldBy(Lease lease) {
        return grant != null && grant.isUnder(lease);
    }
}
