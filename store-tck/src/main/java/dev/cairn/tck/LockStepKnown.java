// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the callers of a store in lock-step remember: who holds a run, who held it before, tokens and incarnations. */
final class LockStepKnown {
    private final Map<String, LockStepHeld> holders = new HashMap<>();
    private final Map<String, LockStepHeld> stale = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private final Map<String, List<Incarnation>> incarnations = new HashMap<>();

    Optional<LockStepHeld> holder(String runId) {
        return Optional.ofNullable(holders.get(runId));
    }

    /** The holder that has not let its lease run out. */
    Optional<LockStepHeld> active(String runId) {
        return holder(runId).filter(held -> !held.isExpired());
    }

    /** The runs that have such a holder, by id. */
    List<String> activeRuns() {
        return holders.keySet().stream()
                .filter(runId -> active(runId).isPresent())
                .sorted()
                .toList();
    }

    /** The last one that lost its lease. */
    Optional<LockStepHeld> stale(String runId) {
        return Optional.ofNullable(stale.get(runId));
    }

    boolean isStale(LockStepHeld held) {
        return held.equals(stale.get(held.lease().runId()));
    }

    void holds(LockStepHeld held) {
        Lease lease = held.lease();
        retire(lease.runId());
        holders.put(lease.runId(), held);
        uses(lease.runId(), lease.incarnation());
    }

    /** From now on its holder is one that lost its lease. */
    void retire(String runId) {
        LockStepHeld old = holders.remove(runId);
        if (old != null) {
            stale.put(runId, old);
        }
    }

    void uses(String runId, Incarnation incarnation) {
        incarnations.computeIfAbsent(runId, r -> new ArrayList<>()).add(incarnation);
    }

    /** The incarnations that the run had, the last one at the end. */
    List<Incarnation> used(String runId) {
        return incarnations.getOrDefault(runId, List.of());
    }

    /** How the token of a lease compares with those before, in words. */
    String token(Lease lease) {
        LockStepHeld before = holders.get(lease.runId());
        if (before != null && before.lease().id().equals(lease.id())) {
            return before.lease().token() == lease.token() ? "the same token" : "another token for the same lease";
        }
        Long known = highest.put(lease.runId(), lease.token());
        return known == null || known < lease.token() ? "a token above all before" : "a token that is not above";
    }
}
