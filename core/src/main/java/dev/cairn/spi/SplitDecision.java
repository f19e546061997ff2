// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.Optional;

/** What the head alone says of an acquire, before the journal is read. */
final class SplitDecision {
    private SplitDecision() {}

    /**
     * Decides as {@link HeadRules} do. An ended head whose lease ran out is in doubt, since its holder may have reopened the
     * run and died: it may be taken, and the journal decides. Nobody reopens one that has left for another store; where it
     * had ended before, its head alone says that it left.
     */
    static HeadRules.Decision of(Acquire request, Optional<Head> found, Instant now) {
        Optional<Head> undoubted = found.map(head -> isInDoubt(head, request, now)
                ? head.edit().status(RunStatus.READY).build()
                : head);
        return HeadRules.acquire(request, undoubted, new Unread(request), now);
    }

    private static boolean isInDoubt(Head head, Acquire request, Instant now) {
        boolean isAskedFor = request.target() instanceof Acquire.Take take
                && take.condition().statuses().contains(head.status());
        return head.status().isTerminal()
                && !head.isMoved()
                && head.lease().isPresent()
                && head.lease().get().isExpired(now)
                && !isAskedFor;
    }

    /** The head with the lease that was granted: lease, token and deadline change, nothing else. */
    static Optional<Head> leased(Head head, HeadRules.Decision decision) {
        return decision instanceof HeadRules.Grant grant
                ? Optional.of(head.edit()
                        .token(grant.head().token())
                        .lease(grant.head().lease())
                        .build())
                : Optional.empty();
    }

    /** A journal that is read only after the head was taken, and lets everything pass until then. */
    private record Unread(Acquire request) implements HeadRules.Journal {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public long count() {
            return request.target() instanceof Acquire.Take take
                    ? take.condition().revision().map(Revision::count).orElse(0L)
                    : 0;
        }

        @Override
        public boolean hasGrantOf(LeaseId id) {
            return false;
        }
    }
}
