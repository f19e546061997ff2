// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One of the two stores in lock-step, and what its callers remember. Asks only what core would ask. */
final class LockStepSide {
    private static final Set<LockStepVerb> HOLDING =
            Set.of(LockStepVerb.STEP, LockStepVerb.RENEW, LockStepVerb.SETTLE, LockStepVerb.SUSPEND, LockStepVerb.END);
    private static final Set<LockStepVerb> TAKING = Set.of(
            LockStepVerb.CREATE_OR_TAKE,
            LockStepVerb.TAKE,
            LockStepVerb.ACQUIRE_AGAIN,
            LockStepVerb.SETTLE,
            LockStepVerb.DELETE,
            LockStepVerb.RESTORE);

    private final LockStepKnown known = new LockStepKnown();
    private final LockStepLeases leases;
    private final LockStepHolders holders;
    private final LockStepOutside outside;
    private final boolean hasCache;

    /** With a leader, claims what that one claimed. */
    LockStepSide(Instance store, Optional<LockStepSide> leader, boolean hasCache) {
        this.leases = new LockStepLeases(store, known, leader.map(side -> side.leases));
        this.holders = new LockStepHolders(store, known);
        this.outside = new LockStepOutside(store, known);
        this.hasCache = hasCache;
    }

    /** What the store answers, in words. */
    String answer(LockStep.Op op) {
        try {
            String words = done(op, op.runId(), new Random(op.bits()));
            return words.equals(LockStepWords.NOTHING) ? instead(op, new Random(op.bits() + 1)) : words;
        } catch (RuntimeException e) {
            return "threw " + Thrown.name(e);
        }
    }

    private String done(LockStep.Op op, String asked, Random random) {
        String runId = HOLDING.contains(op.verb()) ? withHolder(asked, random) : asked;
        String words = asked(op, runId, random);
        if (TAKING.contains(op.verb())) {
            leases.tidy(runId, words.startsWith("refused"));
        }
        return words;
    }

    private String asked(LockStep.Op op, String runId, Random random) {
        return switch (op.verb()) {
            case CREATE -> leases.create(runId, random);
            case CREATE_OR_TAKE -> leases.createOrTake(runId, random);
            case TAKE -> leases.take(runId, random);
            case ACQUIRE_AGAIN -> leases.acquireAgain(runId, random);
            case CLAIM -> leases.claim(random);
            case STEP -> holders.step(runId, random);
            case STEP_AGAIN -> holders.stepAgain(runId, random);
            case RENEW -> holders.renew(runId, random);
            case SETTLE -> holders.settle(runId, random);
            case SUSPEND -> holders.suspend(runId, random);
            case END -> holders.end(runId, random);
            case STALE -> holders.stale(runId, random);
            case DELETE -> outside.delete(runId, random);
            case RESTORE -> outside.restore(runId, random);
            case SIGNAL -> outside.signal(runId, random);
            case READ -> outside.read(runId);
            case LIST -> outside.list(random);
            case ERASE -> outside.erase(runId, random);
            case CACHE -> hasCache ? outside.cache(random) : LockStepWords.NOTHING;
        };
    }

    /** Where there is nobody to ask: somebody comes, or looks. */
    private String instead(LockStep.Op op, Random random) {
        String runId = op.runId();
        if (!HOLDING.contains(op.verb())) {
            return outside.read(runId);
        }
        String words = leases.createOrTake(runId, random);
        leases.tidy(runId, words.startsWith("refused"));
        return words;
    }

    /** The run, if it has a holder, else another one that has. */
    private String withHolder(String runId, Random random) {
        List<String> held = known.activeRuns();
        return held.isEmpty() || held.contains(runId) ? runId : held.get(random.nextInt(held.size()));
    }
}
