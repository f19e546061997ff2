// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.StoreOptions;
import java.util.List;

/** Core's move between two stores of which either line breaks, at every request (MOVE-04). */
final class WiredMoves {
    private static final int MOST = 500;

    /** Whose line breaks. */
    private enum Side {
        SOURCE,
        TARGET
    }

    private final Trial trial;
    private final Wired from;
    private final Wired to;
    private final Instance source;
    private final Instance target;
    private final MoveCuts after;

    private WiredMoves(Trial trial) {
        StoreOptions elsewhere = trial.options().namespace(Storages.freshName()).build();
        this.trial = trial;
        this.from = trial.wired("source, wired");
        this.to = trial.wired("target, wired", elsewhere);
        this.source = trial.open("source");
        this.target = trial.open("target", elsewhere);
        this.after = new MoveCuts(trial, source, target);
    }

    static void cutAnywhere(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        WiredMoves moves = new WiredMoves(trial);
        int points = 0;
        for (Side side : Side.values()) {
            for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
                int request = 1;
                while (request < MOST && moves.isCut(side, fault, request)) {
                    request++;
                }
                points += request - 1;
            }
        }
        trial.tried("a move cut at " + points + " requests to its source and its target", points);
    }

    private boolean isCut(Side side, Fault fault, int request) {
        String id = trial.freshRun("moved");
        String when = "with request " + request + " to the " + side + " " + fault + ", ";
        MovedRun run = new MovedRun(source, target, id);
        Seen before = run.made(MovedRun.Like.SIGNALLED);

        Wired cut = side == Side.SOURCE ? from : to;
        cut.wire().arm(request, fault);
        Told told = Told.of(() -> new CoreMove(from.who(), to.who(), id).move());
        boolean met = cut.wire().disarm() >= request;

        trial.that(
                told.is(Boolean.class) || told.is(CairnException.class),
                when + "the move done, or a typed error",
                told);
        trial.that(
                !told.is(Boolean.class) || !run.isInSource(),
                when + "no run in the source once it is acknowledged",
                "one");
        after.isFinished(run, MovedRun.Like.SIGNALLED, before, when);
        return met;
    }
}
