// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.Set;

/** Something that was said to a caller, or happened, and that every later state is held against. */
sealed interface SplitFact {
    /** Asked for at no revision, but as ended. */
    long AS_ENDED = -1;

    /** A commit was acknowledged. */
    record Acked(Incarnation incarnation, CommitId commit, EntryKind kind) implements SplitFact {
        /** A settle takes several requests: what it wrote may be deleted knowingly before its caller is told. */
        boolean wasSeenBy(Gone gone) {
            return kind != EntryKind.PLAIN
                    && gone.incarnation().equals(incarnation)
                    && gone.counted().contains(commit);
        }
    }

    /** A signal was begun after the end of the run had been acknowledged. */
    record SentAfterEnd(String id) implements SplitFact {}

    /** A signal is begun. */
    record Sending(String id) implements SplitFact {}

    /** A signal was acknowledged. */
    record Stored(Incarnation incarnation, String id) implements SplitFact {}

    /** A lease was granted. */
    record Granted(LeaseId lease, Incarnation incarnation, long token) implements SplitFact {}

    /** Somebody was told to have created the run. */
    record Created(LeaseId lease, Incarnation incarnation) implements SplitFact {}

    /** A restore was acknowledged. */
    record Restored(Incarnation incarnation, int pages) implements SplitFact {}

    /**
     * A delete was acknowledged.
     *
     * @param count of the revision at which it was asked for; {@link #AS_ENDED} for a purge of an ended run
     */
    record Deleted(Incarnation incarnation, long count) implements SplitFact {
        boolean asksFor(Gone gone) {
            return count == AS_ENDED ? gone.ended() : count == gone.count();
        }
    }

    /**
     * An incarnation stopped being the run.
     *
     * @param place of the grant under which that was done
     * @param counted what counted in it then
     * @param count of its revision then
     * @param ended whether its journal had ended then
     */
    record Gone(Incarnation incarnation, long place, Set<CommitId> counted, long count, boolean ended)
            implements SplitFact {
        /** Copies the set. */
        public Gone {
            counted = Set.copyOf(counted);
        }
    }

    /** Another incarnation was acknowledged since this one went. */
    record Replaced(Incarnation incarnation) implements SplitFact {}

    /** What must never happen. */
    record Bad(String what) implements SplitFact {}
}
