// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why a run was not acquired. The store is unchanged.
 *
 * @param head as it stands; empty if the run is absent
 * @param timeLeft of the lease that stands, else zero
 * @param ended entry 0 and the end, where the reason is {@link Reason#ENDED}; else empty
 */
public record Refused(Reason reason, Optional<Head> head, Duration timeLeft, List<Entry> ended) implements Acquired {
    /** Copies the entries. */
    public Refused {
        ended = List.copyOf(ended);
    }

    /** Why not. Where several fit, the first of this order is given. */
    public enum Reason {
        /** No such run. */
        ABSENT,
        /** It is being imported or restored. */
        ARRIVING,
        /** It exists already, or the incarnation was used before. */
        EXISTS,
        /** It belongs to another workflow. */
        WORKFLOW,
        /** It has ended; or, for a retry, has not failed. */
        ENDED,
        /** It was last run by a version that is not accepted. */
        VERSION,
        /** A lease of somebody else stands; or this lease id was used before and ended. */
        HELD,
        /** It waits for a signal or a deadline. */
        WAITING,
        /** It is at another revision. */
        REVISION
    }
}
