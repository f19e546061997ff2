// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Lease;
import dev.cairn.state.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a holder knows: its lease, how it got it, and where it is in the journal. */
final class LockStepHeld {
    private final Lease lease;
    private final @Nullable Acquire request;
    private final boolean arriving;
    private boolean expired;
    private long place;
    private long commits;
    private @Nullable Entry last;

    /** Whoever claimed made no request for this run alone. */
    LockStepHeld(Lease lease, @Nullable Acquire request, boolean arriving, long place) {
        this.lease = lease;
        this.request = request;
        this.arriving = arriving;
        this.place = place;
    }

    Lease lease() {
        return lease;
    }

    Optional<Acquire> request() {
        return Optional.ofNullable(request);
    }

    boolean isArriving() {
        return arriving;
    }

    boolean isExpired() {
        return expired;
    }

    void expire() {
        expired = true;
    }

    /** What it wrote last. */
    Optional<Entry> last() {
        return Optional.ofNullable(last);
    }

    /** Its next commit, at the place where it believes the journal ends. */
    Entry commit(EntryKind kind, Bytes body) {
        return Entry.of(lease, place, kind, CommitId.of(lease.id(), commits + 1), body);
    }

    /** Whether this is an entry that does not count, over which it steps (STEP-10). */
    boolean isAbove(Entry there) {
        return there.kind().isGrant() && there.lease().token() < lease.token();
    }

    void stepOver() {
        place++;
    }

    /** Its last word: it stays where it is. */
    void ended(Entry entry) {
        last = entry;
        commits++;
    }

    String appended(Entry entry, Appended answer) {
        if (answer instanceof Appended.Written) {
            ended(entry);
            place++;
            return "written";
        }
        return there(entry, answer);
    }

    static String there(Entry entry, Appended answer) {
        boolean same = answer instanceof Appended.Taken taken && taken.entry().equals(entry);
        return same ? "there already" : answer instanceof Appended.Failed ? Words.of(answer) : "refused";
    }
}
