// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In lock-step: how a worker gets at a run. */
final class LockStepLeases {
    private final Instance store;
    private final LockStepKnown known;
    private final Optional<LockStepLeases> leader;
    private List<String> claimed = List.of();

    /** With a leader, claims what that one claimed: which of the due runs a claim takes is the store's choice. */
    LockStepLeases(Instance store, LockStepKnown known, Optional<LockStepLeases> leader) {
        this.store = store;
        this.known = known;
        this.leader = leader;
    }

    String create(String runId, Random random) {
        NewRun run = LockStepDraws.newRun(known.used(runId), random);
        return acquired(LockStepDraws.acquire(runId, new Acquire.Create(run), random));
    }

    String take(String runId, Random random) {
        return acquired(LockStepDraws.acquire(runId, new Acquire.Take(condition(runId, random)), random));
    }

    /** As a worker asks, whose workflow has one name and one version. */
    String createOrTake(String runId, Random random) {
        NewRun run = LockStepDraws.newRun(known.used(runId), random);
        Condition condition = condition(runId, random);
        WorkflowVersions workflow =
                condition.workflow().orElse(new WorkflowVersions(run.workflow(), run.version(), Set.of(run.version())));
        NewRun same = new NewRun(
                workflow.workflow(),
                workflow.version(),
                run.incarnation(),
                run.labels(),
                run.arrival(),
                run.grant(),
                run.sourceToken());
        return acquired(LockStepDraws.acquire(runId, new Acquire.CreateOrTake(same, condition), random));
    }

    private Condition condition(String runId, Random random) {
        Condition.Builder condition = random.nextInt(5) == 0 ? Condition.failed() : Condition.open();
        boolean live = random.nextInt(3) == 0;
        condition.over(live ? Condition.Over.LIVE : Condition.Over.EXPIRED);
        if (random.nextInt(6) == 0) {
            condition.butNot(RunStatus.BLOCKED);
        }
        if (random.nextInt(4) == 0) {
            condition.of(LockStepDraws.workflow(random));
        }
        int expects = random.nextInt(6);
        // Nobody asks for a live lease at a revision: refused, a store may have ended that lease already.
        Optional<Seen> seen = expects < 2 && !live ? store.find(runId) : Optional.empty();
        seen.ifPresent(now -> condition.at(
                new Revision(now.revision().incarnation(), now.revision().count() + expects)));
        return condition.build();
    }

    private String acquired(Acquire request) {
        Acquired answer = store.store().acquire(request);
        return answer instanceof Granted granted ? granted(granted, request) : LockStepWords.of((Refused) answer);
    }

    private String granted(Granted granted, @Nullable Acquire request) {
        Lease lease = granted.lease();
        Seen seen = granted.page().next().isEmpty() ? Seen.of(granted.page()) : store.read(lease.runId());
        String token = known.token(lease);
        boolean holds = known.holder(lease.runId())
                .filter(held -> held.lease().equals(lease))
                .isPresent();
        if (!holds) {
            boolean arriving = seen.head().status() == RunStatus.ARRIVING;
            known.holds(new LockStepHeld(lease, request, arriving, seen.length()));
        }
        boolean own = seen.fold().isHeldBy(lease);
        return "granted with " + token + (own ? "" : ", which does not count") + ", time left "
                + !granted.timeLeft().isZero() + ": "
                + LockStepWords.of(seen, !granted.timeLeft().isZero());
    }

    String acquireAgain(String runId, Random random) {
        Optional<LockStepHeld> held = random.nextInt(3) > 0 ? known.holder(runId) : known.stale(runId);
        Optional<Seen> seen = store.find(runId);
        Optional<Acquire> request = held.filter(each -> !each.isExpired() && isOf(each, seen) && !isStaleOverLive(each))
                .flatMap(LockStepHeld::request);
        if (request.isEmpty()) {
            return LockStepWords.NOTHING;
        }
        Acquired answer = store.store().acquire(request.get());
        if (answer instanceof Granted granted) {
            return granted(granted, request.get());
        }
        // Of a lease that was used before and is over, every reason is true that there is.
        return held.filter(known::isStale).isPresent() ? "refused" : LockStepWords.of((Refused) answer);
    }

    private static boolean isOf(LockStepHeld held, Optional<Seen> seen) {
        return seen.filter(run -> run.head().incarnation().equals(held.lease().incarnation()))
                .isPresent();
    }

    /** Who took a live lease, and lost his own since, does not ask again: a store may end the live one before it refuses. */
    private boolean isStaleOverLive(LockStepHeld held) {
        return known.isStale(held)
                && held.request()
                        .flatMap(LockStepLeases::condition)
                        .filter(each -> each.over() == Condition.Over.LIVE)
                        .isPresent();
    }

    private static Optional<Condition> condition(Acquire request) {
        if (request.target() instanceof Acquire.Take take) {
            return Optional.of(take.condition());
        }
        return request.target() instanceof Acquire.CreateOrTake either
                ? Optional.of(either.condition())
                : Optional.empty();
    }

    String claim(Random random) {
        List<WorkflowVersions> workflows = List.of(LockStepDraws.workflow(random));
        Claim claim =
                new Claim(new LeaseId(LockStepDraws.id(random)), workflows, 3, Requests.LASTING, Requests.grant());
        List<Granted> granted = leader.isEmpty()
                ? store.store().claim(claim)
                : leader.get().claimed.stream()
                        .map(runId -> store.store().acquire(HeadRules.claimOne(claim, runId, workflows.get(0))))
                        .filter(Granted.class::isInstance)
                        .map(Granted.class::cast)
                        .toList();
        claimed = granted.stream().map(each -> each.lease().runId()).toList();
        List<String> words = granted.stream()
                .map(each -> each.lease().runId() + " " + granted(each, null))
                .toList();
        return "claimed " + words;
    }

    /**
     * What a refused acquirer left of its lease, or found there, goes, as it does when somebody comes by; and what is left
     * on a run that waits, as a claim may wake it then (CLAIM-05), or has ended, as a store may keep it from a purge and doubt its head.
     */
    void tidy(String runId, boolean isRefused) {
        store.find(runId)
                .filter(seen -> seen.head().lease().isPresent()
                        && !seen.head().isLeased(seen.storeTime())
                        && (seen.head().status() == RunStatus.SUSPENDED
                                || seen.head().status().isTerminal()
                                || isRefused))
                .ifPresent(seen -> free(runId));
    }

    private void free(String runId) {
        Acquired answer = store.acquire(runId, Condition.openOrEnded().build());
        if (answer instanceof Granted granted) {
            store.store().settle(Settle.of(granted.lease(), HeadChange.freed().build()));
        }
    }
}
