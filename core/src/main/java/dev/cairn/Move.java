// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * Moves a run to another store (contract MOVE-03, MOVE-04). Leases it here; lets it arrive there; says here that it has left;
 * releases it there; deletes it here. Until it has left it is this store's, and what arrives can be taken back; once it has
 * left, what arrived is whole and is released by whoever comes.
 */
final class Move {
    private final Connection source;
    private final Connection target;
    private final Restores restores;

    Move(Connection source, Restores restores, Connection target) {
        this.source = source;
        this.restores = restores;
        this.target = target;
    }

    boolean run(String runId) {
        HolderClock.Mark sent = source.settings().clock().now();
        Acquired answer =
                restores.acquire(runId, new Acquire.Take(Condition.openOrEnded().build()));
        if (answer instanceof Refused refused) {
            if (refused.reason() == Refused.Reason.ABSENT) {
                return requireThere(runId);
            }
            throw RunRefusals.of(runId, refused, null, Duration.ZERO);
        }
        Departure departure = new Departure(source, restores, sent, (Granted) answer);
        try {
            Exported run = departure.read();
            Optional<Arrival> arrival =
                    run.mark().isPresent() ? Arrival.ofMoved(target, run) : Optional.of(left(departure, run));
            arrival.ifPresent(there -> release(departure, run, there));
            departure.delete(run);
            return true;
        } catch (RuntimeException e) {
            alsoTry(departure::free, e);
            throw e;
        }
    }

    /** Nothing of the run is left here: it was moved, or never was. */
    private boolean requireThere(String runId) {
        Head there = Arrival.first(target, runId)
                .map(Page::head)
                .orElseThrow(() -> new NoSuchRunException(
                        "there is no run " + runId + " in this namespace, and none in the other store"));
        if (there.status() == RunStatus.ARRIVING) {
            throw new RunHeldException("run " + runId
                    + " is not here, and is arriving in the other store from somewhere else; repeat the move there");
        }
        return false;
    }

    /** Copies the run and says here that it has left. What fails before that is taken back; what fails at it is not known. */
    private Arrival left(Departure departure, Exported run) {
        Bytes grant = Arrival.grant(target, run);
        new TargetLimits(run.head().runId(), source.limits(), target.limits()).check(run, grant);
        Arrival arrival = Arrival.begin(target, run, grant, departure.lease());
        try {
            arrival.copy(run, departure::keep);
        } catch (RuntimeException e) {
            alsoTry(arrival::undo, e);
            throw e;
        }
        if (!departure.leaveFor(arrival.words(), run)) {
            ConflictException lost = new ConflictException("run " + run.head().runId()
                    + " was taken over meanwhile; it was not moved, and is as the other one leaves it. Look again");
            alsoTry(arrival::undo, lost);
            throw lost;
        }
        return arrival;
    }

    private static void release(Departure departure, Exported run, Arrival arrival) {
        departure.lastSignals(run);
        arrival.release(run);
    }

    private static void alsoTry(Runnable undo, RuntimeException cause) {
        try {
            undo.run();
        } catch (RuntimeException e) {
            // Nothing rests on it: a lease runs out by itself, and a repeated move takes over what arrives.
            cause.addSuppressed(e);
        }
    }
}
