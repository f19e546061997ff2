// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import java.util.ArrayList;
import java.util.List;

/** Core's own move between two stores, to which something happens at each of its points in turn: two at every request. */
final class MoveCuts {
    private static final int LEAST_POINTS = 20;

    private final Trial trial;
    private final Instance source;
    private final Instance target;

    MoveCuts(Trial trial, Instance source, Instance target) {
        this.trial = trial;
        this.source = source;
        this.target = target;
    }

    /** The mover dies, and another process does the same again. */
    void cutAnywhere(String way) {
        for (MovedRun.Like like : MovedRun.Like.values()) {
            int points = 0;
            while (isCut(new MovedRun(source, target, way + like + points), like, points)) {
                points++;
            }
            explored(points, "die");
        }
    }

    private boolean isCut(MovedRun run, MovedRun.Like like, int point) {
        Seen before = run.made(like);
        String cut = "cut at point " + point + ", ";

        boolean reached = run.mover().diesAt(point);

        isFinished(run, like, before, cut);
        return reached;
    }

    /** What was cut is in one store, and whole; doing it again finishes it. */
    void isFinished(MovedRun run, MovedRun.Like like, Seen before, String cut) {
        inOneStore(run, cut);
        run.letLeasesRunOut();
        inOneStore(run, cut + "with no lease left, ");
        trial.that(run.isWhole(before), cut + "the run whole in one store", "lost in both");
        run.createdInTarget()
                .ifPresent(answer -> trial.is(Refused.class, cut + "a create in the target refused", answer));
        Object repeated = run.mover().move();
        trial.is(Boolean.class, cut + "the move finished by repeating it", repeated);
        trial.that(!run.isInSource(), cut + "no run in the source", "one");
        trial.equal(cut + "in the target the run is", MovedRun.content(before), MovedRun.content(run.inTarget()));
        trial.equal(
                cut + "repeated once more the move answers", false, run.mover().move());
        List<String> where = like == MovedRun.Like.FAILED ? List.of() : List.of(target.toString());
        trial.equal(cut + "it can be claimed in", where, run.claimable());
    }

    private void inOneStore(MovedRun run, String when) {
        List<String> claimable = run.claimable();
        trial.that(claimable.size() < 2, when + "the run claimable in one store", claimable);
    }

    /** Somebody takes the run from the mover, and goes on with it: what they wrote is where the run is. */
    void takenOverAnywhere(Instance taker) {
        int points = 0;
        while (isTakenOver(taker, points)) {
            points++;
        }
        explored(points, "lose its run");
    }

    private boolean isTakenOver(Instance taker, int point) {
        String runId = "taken-" + point;
        String at = "with the run taken over at point " + point + ", ";
        MovedRun run = new MovedRun(source, target, runId);
        run.made(MovedRun.Like.READY);
        List<String> texts = new ArrayList<>(List.of("step-1", "step-2"));

        boolean reached = run.mover().meets(point, () -> {
            Acquired taken = taker.acquire(
                    runId, Condition.open().over(Condition.Over.LIVE).build());
            if (taken instanceof Granted granted) {
                Appended answer = taker.step(granted.lease(), taker.read(runId).length(), "kept");
                trial.is(Appended.Written.class, at + "the new holder's step written", answer);
                texts.add("kept");
                taker.store()
                        .settle(Settle.of(granted.lease(), HeadChange.freed().build()));
            }
        });

        run.letLeasesRunOut();
        inOneStore(run, at);
        run.mover().move();
        trial.that(!run.isInSource(), at + "no run in the source", "one");
        trial.equal(at + "in the target the steps are", texts, run.inTarget().texts());
        return reached;
    }

    private void explored(int points, String how) {
        trial.explored(points);
        trial.that(points >= LEAST_POINTS, "points at which a mover can " + how, points);
    }
}
