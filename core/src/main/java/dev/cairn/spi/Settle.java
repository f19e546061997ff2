// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Under a lease: an entry at its place, if any, and a new head. Immutable. */
public final class Settle {
    private final Lease lease;
    private final @Nullable Entry entry;
    private final HeadChange change;

    private Settle(Lease lease, @Nullable Entry entry, HeadChange change) {
        this.lease = lease;
        this.entry = entry;
        this.change = change;
    }

    /** A new head alone. */
    public static Settle of(Lease lease, HeadChange change) {
        return new Settle(lease, null, change);
    }

    /**
     * An entry and a new head.
     *
     * @throws IllegalArgumentException if the entry is a grant or under another lease
     */
    public static Settle of(Entry entry, HeadChange change) {
        if (entry.kind().isGrant() || entry.kind() == EntryKind.STRIPPED) {
            throw new IllegalArgumentException("a settle does not write a " + entry.kind());
        }
        return new Settle(entry.lease(), entry, change);
    }

    /** The lease under which it is done. */
    public Lease lease() {
        return lease;
    }

    /** The entry to write. */
    public Optional<Entry> entry() {
        return Optional.ofNullable(entry);
    }

    /** What becomes of the head. */
    public HeadChange change() {
        return change;
    }
}
