// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** DEL: deletion and purge, each of them whole. */
interface DelClauses extends KitClauses {
    @Clause(
            id = "DEL-01",
            must = "Delete MUST remove the run from every read path at once, and everything but its fences from the"
                    + " storage; the fences too after one purge past the fence time",
            why = "deleted data shows up again, or stays in the database for ever",
            usualFix =
                    "hide a run that is gone in every query; erase its entries and messages; drop the head in the sweep")
    default void del_01_deletedRunIsGone(Trial trial) {
        Instance a = trial.open("A", trial.options().fenceTime(Purge.FENCE_TIME).build());
        long before = Purge.objects(trial, a);
        Granted granted = a.create("r");
        a.steps(granted.lease(), 1, 3);
        a.signal("r", Requests.message("m", "go"));
        a.signal("r", Requests.message("n", "go"));
        a.free(granted.lease());
        long full = Purge.objects(trial, a);
        Gone gone = Gone.soon(a, "r");

        a.delete("r");

        for (Instance who : trial.sameOtherReopened(a)) {
            gone.check(trial, who);
        }
        long left = Purge.objects(trial, a); // the deleter's grant may be one more, as a fence
        trial.that(left <= Math.max(0, full - 2 + 1), "the messages to go with the run, of " + full + " objects", left);
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        a.purge(Duration.ZERO, 100);
        trial.equal("objects stored after the fence time:", before, Purge.objects(trial, a));
        List<Head> fences = a.listed(RunQuery.all().among(RunQuery.Among.SWEEPABLE));
        trial.equal("fences listed after the fence time:", List.of(), fences);
        gone.check(trial, a);
    }

    @Clause(
            id = "DEL-02",
            must = "Deleting a missing run MUST be a typed no-op; repeating a delete MUST be safe",
            why = "a delete that is sent again after a lost reply fails, or removes a run that was created since",
            usualFix = "compare incarnation, token and changed-at in every erase, and answer what is gone as erased")
    default void del_02_repeatedDeleteIsSafe(Trial trial) {
        Instance a = trial.open("A");
        Acquired missing = a.acquire("none", Condition.openOrEnded().build());
        trial.equal(
                "refused is",
                Refused.Reason.ABSENT,
                trial.is(Refused.class, "a refusal", missing).reason());
        Erase.Leftover leftover = new Erase.Leftover("none", Incarnation.random());
        trial.equal("erasing what never was:", List.of(Erased.ERASED), a.store().erase(List.of(leftover)));
        trial.equal("runs after that:", Optional.empty(), a.find("none"));

        Granted granted = a.create("r");
        Instance.done(a.end(granted.lease(), 1, RunStatus.COMPLETED));
        Erase.Ended ended = Purge.ended(a.head("r"));
        Granted deleter =
                Instance.granted(a.acquire("r", Condition.openOrEnded().build()));
        Settle gone = Settle.of(deleter.lease(), HeadChange.gone(0).build());
        Instance.done(a.store().settle(gone));
        a.leave("r", deleter.lease().incarnation());
        List<Erase> erases = List.of(new Erase.Leftover("r", deleter.lease().incarnation()), ended);
        for (Instance who : trial.sameOtherReopened(a)) {
            repeatedly(trial, who, gone, erases);
        }

        a.createEnded("r", RunStatus.COMPLETED);
        Seen anew = a.read("r");
        for (Instance who : trial.sameOtherReopened(a)) {
            who.store().settle(gone);
            who.store().erase(erases);
            Answers.unchanged(trial, anew, a);
        }
        CrashPoints.cut(trial, StoreOperations.erasure());
        CrashPoints.cut(trial, CoreOperations.delete());
        CrashPoints.die(trial, CoreOperations.delete());
    }

    private static void repeatedly(Trial trial, Instance on, Settle gone, List<Erase> erases) {
        Settled again = on.store().settle(gone);
        boolean told = again instanceof Settled.Done
                || (again instanceof Settled.Lost lost
                        && lost.head()
                                .filter(head -> head.status() != RunStatus.GONE)
                                .isEmpty());
        trial.that(told, "the repeated delete to be told that the run is gone", again);
        trial.equal(
                "erasing again:",
                List.of(Erased.ERASED, Erased.ERASED),
                on.store().erase(erases));
        trial.equal("runs after that:", Optional.empty(), on.find("r"));
    }

    @Clause(
            id = "DEL-05",
            must = "A purge cut anywhere MUST leave each run readable whole or not at all, and be resumable",
            why = "a reader gets half a run and takes it for the whole",
            usualFix = "make the head gone in the transaction that removes the entries, or before it")
    default void del_05_cutPurgeLeavesWholeRuns(Trial trial) {
        Instance a = trial.open("A", trial.options().fenceTime(Purge.FENCE_TIME).build());
        Instance b = trial.open("B");
        long before = Purge.objects(trial, a);
        for (int cut = 0; cut <= 4; cut++) {
            List<String> ids = List.of("a" + cut, "b" + cut, "c" + cut);
            ids.forEach(id -> ended(a, id));
            Cursor.After half = Gone.soon(a, ids.get(0)).half();
            List<Seen> whole = ids.stream().map(a::read).toList();

            cutPurge(a, ids, cut);

            for (int i = 0; i < ids.size(); i++) {
                Optional<Seen> now = b.find(ids.get(i));
                boolean isWhole = now.filter(whole.get(i)::isSameRunAs).isPresent();
                boolean mayBeGone = i < cut;
                trial.that(
                        isWhole || (mayBeGone && now.isEmpty()), "the whole run or none of it", now.map(Seen::entries));
            }
            Optional<Page> rest = b.store().read(new Read(ids.get(0), half, 4096));
            trial.equal("the rest of what is half read is there:", cut == 0, rest.isPresent());
            b.purge(Duration.ZERO, 100);
            trial.equal("left after the purge was done again:", List.of(), b.listed(RunQuery.all()));
        }
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        a.purge(Duration.ZERO, 100);
        trial.equal("objects stored in the end:", before, Purge.objects(trial, b));
        CrashPoints.cutPurging(trial);
    }

    private static void ended(Instance on, String runId) {
        Lease lease = on.create(runId).lease();
        on.steps(lease, 1, 2);
        on.signal(runId, Requests.message("m", "go"));
        Instance.done(on.end(lease, 3, RunStatus.FAILED));
    }

    /** One run after the other, and then no more; the fourth time one of them is half deleted by hand as well. */
    private static void cutPurge(Instance on, List<String> ids, int cut) {
        for (String id : ids.subList(0, Math.min(cut, ids.size()))) {
            if (cut == 4 && id.startsWith("a")) {
                Granted granted =
                        Instance.granted(on.acquire(id, Condition.openOrEnded().build()));
                Instance.done(on.store()
                        .settle(Settle.of(granted.lease(), HeadChange.gone(1).build())));
            } else {
                on.store().erase(List.of(Purge.ended(on.head(id))));
            }
        }
    }
}
