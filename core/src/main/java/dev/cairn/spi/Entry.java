// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CorruptException;
import dev.cairn.state.Bytes;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One place of a journal: written once, if the place is free, and never changed. Carries a CRC-32C over its place and
 * what it says, which is checked whenever it is read (contract BAD-03). Immutable.
 */
public final class Entry {
    private static final int FIXED_BYTES = 1 + 16 + 16;

    private final Lease lease;
    private final long place;
    private final EntryKind kind;
    private final CommitId commitId;
    private final Bytes body;
    private final int checksum;

    private Entry(Lease lease, long place, EntryKind kind, CommitId commitId, Bytes body) {
        if (place < 0) {
            throw new IllegalArgumentException(
                    "place must be at least 0, was " + place + " (run " + lease.runId() + ")");
        }
        this.lease = lease;
        this.place = place;
        this.kind = kind;
        this.commitId = commitId;
        this.body = body;
        this.checksum = crc();
    }

    /** Makes an entry that is about to be written. */
    public static Entry of(Lease lease, long place, EntryKind kind, CommitId commitId, Bytes body) {
        return new Entry(lease, place, kind, commitId, body);
    }

    /** Makes the entry that grants a lease, as a store writes it while it acquires. */
    public static Entry grant(Lease lease, long place, EntryKind kind, Bytes body) {
        if (!kind.isGrant()) {
            throw new IllegalArgumentException("a grant is GRANT or REOPEN, was " + kind);
        }
        return new Entry(lease, place, kind, CommitId.ofGrant(lease.id()), body);
    }

    /**
     * Makes an entry from what a store holds.
     *
     * @param checksum as it was stored with the entry
     * @throws CorruptException if it does not fit, naming run, incarnation and place
     */
    public static Entry stored(Lease lease, long place, EntryKind kind, CommitId commitId, Bytes body, int checksum) {
        Entry entry = new Entry(lease, place, kind, commitId, body);
        if (entry.checksum != checksum) {
            throw new CorruptException(
                    "run " + lease.runId() + ", incarnation " + lease.incarnation() + ", place " + place
                            + ": the stored bytes do not fit their checksum; restore the storage from a backup, or delete the run");
        }
        return entry;
    }

    private int crc() {
        return checksumWithoutPlace(lease.id(), kind, commitId, body) ^ fold(place) ^ fold(lease.token());
    }

    /**
     * The part of the checksum that whoever asks for a lease can compute. The other part is exclusive-or with the upper and
     * lower half of place and of token, so that a database that chooses both while it writes a grant can finish it.
     */
    public static int checksumWithoutPlace(LeaseId lease, EntryKind kind, CommitId commitId, Bytes body) {
        ByteBuffer fixed = ByteBuffer.allocate(FIXED_BYTES);
        fixed.put((byte) kind.code());
        put(fixed, lease.id());
        put(fixed, commitId.id());
        CRC32C crc = new CRC32C();
        crc.update(fixed.array());
        body.addTo(crc);
        return (int) crc.getValue();
    }

    private static int fold(long number) {
        return (int) (number ^ (number >>> 32));
    }

    private static void put(ByteBuffer to, UUID id) {
        to.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** The place of an entry that was stripped: nothing else is left of it. */
    public static Entry stripped(String runId, Incarnation incarnation, long place) {
        UUID none = new UUID(0, 0);
        Lease nobody = new Lease(runId, incarnation, new LeaseId(none), 1);
        return new Entry(nobody, place, EntryKind.STRIPPED, new CommitId(none), Bytes.empty());
    }

    /** The lease it was written under. */
    public Lease lease() {
        return lease;
    }

    /** Its place in the journal of the lease's run and incarnation, from 0. */
    public long place() {
        return place;
    }

    /** What it is to the fold. */
    public EntryKind kind() {
        return kind;
    }

    /** The commit that wrote it. */
    public CommitId commitId() {
        return commitId;
    }

    /** What core encoded; opaque to a store. */
    public Bytes body() {
        return body;
    }

    /** The CRC-32C to store with it. */
    public int checksum() {
        return checksum;
    }

    /** The same commit at another place (contract STEP-10). */
    public Entry at(long otherPlace) {
        return new Entry(lease, otherPlace, kind, commitId, body);
    }

    /** Whether it was written under this lease: id and token (protocol R2). */
    public boolean isUnder(Lease other) {
        return lease.token() == other.token() && lease.id().equals(other.id());
    }

    /** Whether it may stand behind another: that is under the same lease, and left the journal open to it. */
    public boolean mayFollow(Entry before) {
        return before.isUnder(lease()) && before.kind().leavesOpen();
    }

    /** Whether it is this very commit: same place, lease, commit id, kind and bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that
                && place == that.place
                && checksum == that.checksum
                && kind == that.kind
                && lease.equals(that.lease)
                && commitId.equals(that.commitId)
                && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return checksum;
    }

    @Override
    public String toString() {
        return "Entry[" + kind + " of run " + lease.runId() + " at " + place + ", token " + lease.token() + ", "
                + body.size() + " bytes]";
    }
}
