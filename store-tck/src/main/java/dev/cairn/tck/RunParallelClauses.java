// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.ResumeState;
import dev.cairn.RunListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** RUN: groups of steps that run side by side. */
interface RunParallelClauses extends KitClauses {
    @Clause(
            id = "RUN-07",
            must = "Members of a parallel group MUST replay in any order, over 1,000 shuffled interleavings, and none"
                    + " acknowledged may be lost at any crash",
            why = "a run with parallel steps cannot be resumed, or does again what it had done",
            usualFix = "an append that was answered is in every later read of the journal")
    default void run_07_membersReplayInAnyOrder(Trial trial) {
        try (Worker reader = Worker.open(trial, "reader")) {
            replaysInAnyOrder(trial, reader, "r");
            trial.explored((long) GroupsOfSteps.REPLAYS * GroupsOfSteps.GROUPS);
            Instance mortal = trial.open("A");
            int points = 0;
            while (losesNothing(trial, mortal, reader, points)) {
                points++;
            }
            trial.that(points >= 8, "a crash at 8 points at least", points);
        }
    }

    /** Members finish in one order, and replay in many: 40 groups, each replayed 25 times. */
    private static void replaysInAnyOrder(Trial trial, Worker reader, String runId) {
        GroupsOfSteps groups = new GroupsOfSteps(reader, trial.random(), GroupsOfSteps.GROUPS);
        reader.forgetWhatItDid();
        Ended first = reader.execute(runId, groups.shuffled());
        trial.that(first.isInterruptedBy(IOException.class), "groups that run to their end", first);
        trial.equal("so many bodies ran:", groups.members(), reader.ran().size());
        ResumeState before = reader.state(runId);
        reader.forgetWhatItDid();
        for (int replay = 0; replay < GroupsOfSteps.REPLAYS; replay++) {
            Ended ended = reader.execute(runId, groups.shuffled());
            trial.that(ended.isInterruptedBy(IOException.class), "groups that replay in another order", ended);
        }
        trial.equal("the bodies of the replays are", List.of(), reader.ran());
        trial.equal(
                "the recorded steps are", before.steps(), reader.state(runId).steps());
        trial.equal("so many values were other ones on a replay:", 0, groups.strange());
    }

    /** A process dies at one point of a group, and another one goes on; whether there is such a point. */
    private static boolean losesNothing(Trial trial, Instance instance, Worker reader, int point) {
        String runId = "crash" + point;
        AtPoint dying = AtPoint.dying(point);
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void stepRecorded(String id, String key) {
                acknowledged.add(key);
            }
        };
        try (Worker a = Worker.on(instance, builder -> builder.listener(listener))) {
            a.meets(dying);
            a.execute(runId, new GroupsOfSteps(a, trial.random(), 1).shuffled());
        }
        if (reader.instance().find(runId).isEmpty()) {
            return dying.isReached();
        }
        List<String> recorded = reader.recorded(runId);
        reader.letLeaseRunOut(runId);
        reader.forgetWhatItDid();
        GroupsOfSteps rest = new GroupsOfSteps(reader, trial.random(), 1);
        Ended ended = reader.execute(runId, rest.shuffled());

        trial.that(
                recorded.containsAll(acknowledged),
                "every member that was acknowledged before the crash: " + acknowledged,
                recorded);
        trial.that(ended.isInterruptedBy(IOException.class), "another process that goes on with the group", ended);
        trial.that(reader.ran().stream().noneMatch(recorded::contains), "no recorded member again", reader.ran());
        trial.equal(
                "so many members are recorded in the end:",
                rest.members(),
                reader.recorded(runId).size());
        return dying.isReached();
    }
}
