// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a storage holds, and what was said about it. */
record SplitKnown(SplitWorld world, Set<SplitFact> facts) {
    SplitKnown {
        facts = Set.copyOf(facts);
    }

    /** A journal as the fold reads it. */
    record Folded(Fold fold, Set<CommitId> counting, Set<String> consumed, boolean hasHole) {}

    static Folded fold(SplitWorld world, String runId, Incarnation incarnation) {
        Fold fold = new Fold(runId, incarnation);
        Set<CommitId> counting = new HashSet<>();
        Set<String> consumed = new HashSet<>();
        boolean hole = false;
        for (Entry entry : new TreeMap<>(world.places(incarnation)).values()) {
            if (entry.place() != fold.length()) {
                hole = true;
                break;
            }
            if (fold.add(entry)) {
                counting.add(entry.commitId());
                consumed.addAll(SplitScripts.consumedBy(entry));
            }
        }
        return new Folded(fold, counting, consumed, hole);
    }

    /** The state after a request: an incarnation that stops being the run is noted, with what must not be lost by that. */
    SplitKnown after(SplitWorld next) {
        Head before = world.head().orElse(null);
        if (before == null || before.status() == RunStatus.GONE || before.status() == RunStatus.ARRIVING) {
            return new SplitKnown(next, facts);
        }
        boolean stays = next.head()
                .filter(head ->
                        head.status() != RunStatus.GONE && head.incarnation().equals(before.incarnation()))
                .isPresent();
        return stays ? new SplitKnown(next, facts) : gone(before, next);
    }

    private SplitKnown gone(Head before, SplitWorld next) {
        Incarnation old = before.incarnation();
        Folded folded = fold(world, before.runId(), old);
        long place = before.standing()
                .flatMap(lease -> world.places(old).values().stream()
                        .filter(entry -> entry.kind().isGrant() && entry.isUnder(lease))
                        .map(Entry::place)
                        .findFirst())
                .orElse(Long.MAX_VALUE);
        SplitKnown known = with(
                next,
                new SplitFact.Gone(
                        old,
                        place,
                        folded.counting(),
                        folded.fold().revision().count(),
                        folded.fold().end().isPresent()));
        for (SplitFact fact : facts) {
            if (fact instanceof SplitFact.Stored stored
                    && stored.incarnation().equals(old)
                    && !folded.consumed().contains(stored.id())) {
                return known.with(
                        next, new SplitFact.Bad("an acknowledged signal is lost by a delete or restore: " + stored));
            }
        }
        return known;
    }

    private SplitKnown with(SplitWorld next, SplitFact fact) {
        Set<SplitFact> more = new HashSet<>(facts);
        more.add(fact);
        return new SplitKnown(next, more);
    }

    SplitKnown told(List<SplitFact> told) {
        SplitKnown known = this;
        for (SplitFact fact : told) {
            known = known.told(fact);
        }
        return known;
    }

    private SplitKnown told(SplitFact fact) {
        if (fact instanceof SplitFact.Sending sending) {
            boolean again = facts.stream()
                    .anyMatch(f ->
                            f instanceof SplitFact.Stored stored && stored.id().equals(sending.id()));
            return endIsAcked() && !again ? with(world, new SplitFact.SentAfterEnd(sending.id())) : this;
        }
        if (fact instanceof SplitFact.Stored stored) {
            return stored(stored.id());
        }
        Optional<String> bad = objection(fact);
        if (bad.isPresent()) {
            return with(world, new SplitFact.Bad(bad.get()));
        }
        SplitKnown known = this;
        if (fact instanceof SplitFact.Created || fact instanceof SplitFact.Restored) {
            for (SplitFact other : facts) {
                if (other instanceof SplitFact.Gone gone) {
                    known = known.with(world, new SplitFact.Replaced(gone.incarnation()));
                }
            }
        }
        return known.with(world, fact);
    }

    /** An acknowledged signal is the run's, and in its inbox. */
    private SplitKnown stored(String id) {
        Head head = world.head().filter(h -> h.status() != RunStatus.GONE).orElse(null);
        boolean isThere = head != null
                && world.inbox(head.incarnation()).stream()
                        .anyMatch(r -> r.message().id().equals(id));
        if (!isThere) {
            return with(world, new SplitFact.Bad("a signal is acknowledged and not in the inbox of the run: " + id));
        }
        SplitFact.Stored fact = new SplitFact.Stored(head.incarnation(), id);
        return with(world, objection(fact).<SplitFact>map(SplitFact.Bad::new).orElse(fact));
    }

    private boolean endIsAcked() {
        return world.head()
                .flatMap(head ->
                        fold(world, head.runId(), head.incarnation()).fold().end())
                .filter(end ->
                        facts.contains(new SplitFact.Acked(end.lease().incarnation(), end.commitId(), EntryKind.END)))
                .isPresent();
    }

    private Optional<String> objection(SplitFact fact) {
        return facts.stream()
                .filter(other -> contradicts(fact, other))
                .findFirst()
                .map(other -> "said now: " + fact + ", against: " + other);
    }

    private boolean contradicts(SplitFact fact, SplitFact other) {
        if (fact instanceof SplitFact.Granted now && other instanceof SplitFact.Granted before) {
            return before.lease().equals(now.lease())
                    && before.incarnation().equals(now.incarnation())
                    && before.token() != now.token();
        }
        if (fact instanceof SplitFact.Acked acked) {
            return isOver(acked.incarnation(), other)
                    && facts.stream().noneMatch(f -> f instanceof SplitFact.Gone gone && acked.wasSeenBy(gone));
        }
        if (fact instanceof SplitFact.Stored stored) {
            return other.equals(new SplitFact.SentAfterEnd(stored.id())) && endIsAcked();
        }
        if (fact instanceof SplitFact.Deleted deleted && other instanceof SplitFact.Gone gone) {
            return gone.incarnation().equals(deleted.incarnation()) && !deleted.asksFor(gone);
        }
        return fact instanceof SplitFact.Created
                && other instanceof SplitFact.Created
                && !fact.equals(other)
                && facts.stream().noneMatch(SplitFact.Gone.class::isInstance);
    }

    private static boolean isOver(Incarnation incarnation, SplitFact fact) {
        return fact.equals(new SplitFact.Replaced(incarnation))
                || (fact instanceof SplitFact.Deleted deleted
                        && deleted.incarnation().equals(incarnation));
    }

    /** The journals by incarnation. */
    Map<Incarnation, Map<Long, Entry>> journals() {
        return world.journals();
    }
}
