// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Cairn;
import dev.cairn.RunHeldException;
import dev.cairn.error.CairnException;
import java.time.Duration;

/**
 * Core's own move of a run between two stores, by a process to which something may happen at any of its requests to either.
 * The one place where clauses of the first part get at the engine: what a move sends to two stores, no store's method says.
 */
final class CoreMove {
    private final Instance source;
    private final Instance target;
    private final String runId;

    CoreMove(Instance source, Instance target, String runId) {
        this.source = source;
        this.target = target;
        this.runId = runId;
    }

    /** Moves the run: whether it was here to be moved, or how it was refused. */
    Object move() {
        return at(AtPoint.never());
    }

    /** Moves it up to one point, before or after a request to either store; whether it came as far. */
    boolean diesAt(int point) {
        AtPoint gate = AtPoint.dying(point);
        try {
            at(gate);
        } catch (AtPoint.Death death) {
            return true;
        }
        return gate.isReached();
    }

    /** Moves it, and something happens at one point, to which it may lose it; whether it came as far. */
    boolean meets(int point, Runnable happens) {
        AtPoint gate = AtPoint.of(point, happens);
        at(gate);
        return gate.isReached();
    }

    private Object at(AtPoint gate) {
        try (Cairn mover = Cairn.builder(Gated.store(source.store(), gate))
                .lease(Requests.LASTING)
                .patience(Duration.ZERO)
                .build()) {
            return mover.runs().move(runId, Gated.store(target.store(), gate));
        } catch (CairnException refused) {
            return refused;
        }
    }

    /** Whether it was refused because somebody holds the run. */
    static boolean isHeld(Object answer) {
        return answer instanceof RunHeldException;
    }
}
