// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Granted;
import dev.cairn.spi.RunQuery;
import java.util.List;
import java.util.concurrent.FutureTask;

/** What becomes of a storage whose setup is held or cut at any of its requests. */
final class SchemaPoints {
    private static final int MOST = 300;

    private SchemaPoints() {}

    /** Another opens while the first is held (SCHEMA-02). */
    static void together(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        int points = 0;
        while (points < MOST && isOpenedBeside(trial, points + 1)) {
            points++;
        }
        trial.tried("another start at " + points + " requests", points);
    }

    private static boolean isOpenedBeside(Trial trial, int request) {
        String storage = Storages.freshName();
        String when = "held at request " + request + " of its start: ";
        Route route = trial.route();
        route.wire().arm(request, Fault.HOLD);
        FutureTask<Told> first =
                Races.started(() -> trial.open("A", storage, trial.options().build(), route));
        boolean met = route.wire().isReached(first::isDone);
        FutureTask<Told> second =
                Races.started(() -> trial.open("B", storage, trial.options().build()));
        Races.untilWaiting(second);
        route.wire().disarm();
        for (FutureTask<Told> one : List.of(first, second)) {
            Instance who = trial.is(
                    Instance.class,
                    when + "both starts to succeed",
                    Races.ended(one).how());
            who.create(trial.freshRun("started"));
        }
        Instance both = (Instance) Races.ended(second).how();
        trial.equal(
                when + "runs of both",
                2,
                both.store().list(RunQuery.all().build()).runs().size());
        return met;
    }

    /** The first dies at any request; another opens (SCHEMA-03). */
    static void cut(Trial trial) {
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            int points = 0;
            while (points < MOST && isOpenedAfter(trial, fault, points + 1)) {
                points++;
            }
            trial.tried(points + " requests of a start " + fault, points);
        }
    }

    private static boolean isOpenedAfter(Trial trial, Fault fault, int request) {
        String storage = Storages.freshName();
        String when = "a start " + fault + " at request " + request + ": ";
        Route route = trial.route();
        route.wire().armFrom(request, fault);
        Told first = Told.of(() -> trial.open("A", storage, trial.options().build(), route));
        boolean met = route.wire().disarm() >= request;
        trial.that(
                first.is(Instance.class) || first.is(CairnException.class), when + "opened, or a typed error", first);
        Told second = Told.of(() -> trial.open("B", storage, trial.options().build()));
        Instance after = trial.is(Instance.class, when + "the next start to succeed", second.how());
        String run = trial.freshRun("started");
        Told created = Told.of(() -> after.create(run));
        trial.is(Granted.class, when + "a run created then", created.how());
        return met;
    }
}
