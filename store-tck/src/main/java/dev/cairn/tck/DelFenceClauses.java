// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** DEL: deletion beside holders, and what a late commit finds. */
interface DelFenceClauses extends KitClauses {
    @Clause(
            id = "DEL-03",
            must = "A delete while a lease of someone else is live MUST be rejected",
            why = "a run is deleted under the hands of the worker that runs it",
            usualFix =
                    "look at the lease and its deadline in acquire and in every erase, and keep the run's own journal")
    default void del_03_leasedRunIsKept(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Granted holder = a.create("open");
        a.steps(holder.lease(), 1, 2);
        a.createEnded("ended", RunStatus.COMPLETED);
        Granted over =
                Instance.granted(a.acquire("ended", Condition.openOrEnded().build()));

        for (Granted held : List.of(holder, over)) {
            String runId = held.lease().runId();
            Seen before = a.read(runId);
            Revision revision = b.revision(runId);
            Condition condition = Condition.openOrEnded().at(revision).build();
            Refused refused = trial.is(Refused.class, "the deleter to be refused", b.acquire(runId, condition));
            trial.equal("refused is", Refused.Reason.HELD, refused.reason());
            Erase ended = Purge.ended(b.head(runId));
            Erase fences = Purge.fences(b.head(runId));
            Erase leftover = new Erase.Leftover(runId, held.lease().incarnation());
            for (Erase erase : List.of(ended, fences, leftover)) {
                List<Erased> answer = b.store().erase(List.of(erase));
                trial.equal("an erase of it is answered", List.of(Erased.KEPT), answer);
            }
            Answers.unchanged(trial, before, b);
        }
        Granted newer = b.supersede("open");
        Settle stale = Settle.of(holder.lease(), HeadChange.gone(0).build());
        trial.is(
                Settled.Lost.class,
                "a delete under a superseded lease to be lost",
                a.store().settle(stale));
        trial.that(b.head("open").isHeldBy(newer.lease()), "the run to be held by the newer lease", b.head("open"));
    }

    @Clause(
            id = "DEL-04",
            must = "Delete racing a commit MUST end in \"deleted, commit not acknowledged\" or \"committed, delete"
                    + " refused\"; never half a run",
            why = "a step that was acknowledged is deleted unseen, or a deleted run goes on",
            usualFix = "compare the revision in the transaction that writes the deleter's grant; let the grant take the"
                    + " place of the commit")
    default void del_04_deleteOrCommit(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        commitIntoDelete(trial, a, b);
        for (int order = 0; order < 5; order++) {
            String runId = "r" + order;
            Lease holder = a.create(runId).lease();
            a.steps(holder, 1, 1);
            a.expire(holder);
            Revision expected = a.revision(runId);
            Callable<Object> commit = () -> a.step(holder, 2, "late");
            Callable<Object> delete = () -> deleted(b, runId, expected);

            List<Object> answers = order == 0
                    ? List.of(call(commit), call(delete))
                    : order == 1 ? reversed(call(delete), call(commit)) : trial.atOnce(List.of(commit, delete));

            boolean committed = answers.get(0) instanceof Appended.Written;
            boolean gone = answers.get(1) instanceof Settled.Done;
            trial.that(committed != gone, "either the commit or the delete", answers);
            if (gone) {
                trial.equal("a deleted run is read as", Optional.empty(), a.find(runId));
                trial.that(!(a.step(holder, 2, "later") instanceof Appended.Written), "no commit later", "written");
            } else {
                trial.equal("refused is", Refused.Reason.REVISION, ((Refused) answers.get(1)).reason());
                trial.equal(
                        "the run's steps are",
                        List.of("step-1", "late"),
                        a.read(runId).texts());
            }
        }
        RemovalRaces.committed(trial);
    }

    /** A commit between the deleter's grant and his last word. */
    private static void commitIntoDelete(Trial trial, Instance a, Instance b) {
        Lease holder = a.create("r").lease();
        a.steps(holder, 1, 1);
        a.expire(holder);
        Granted deleter =
                Instance.granted(b.acquire("r", Condition.openOrEnded().build()));
        Appended answer = a.step(holder, 2, "late");
        trial.that(!(answer instanceof Appended.Written), "no commit where the deleter's grant stands", answer);
        Settle gone = Settle.of(deleter.lease(), HeadChange.gone(0).build());
        trial.is(Settled.Done.class, "the delete to be done", b.store().settle(gone));
        trial.equal("a deleted run is read as", Optional.empty(), a.find("r"));
    }

    private static List<Object> reversed(Object second, Object first) {
        return List.of(first, second);
    }

    private static Object call(Callable<Object> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw Thrown.unchecked(e);
        }
    }

    private static Object deleted(Instance on, String runId, Revision expected) {
        Acquired answer = on.acquire(runId, Condition.openOrEnded().at(expected).build());
        if (!(answer instanceof Granted granted)) {
            return answer;
        }
        Settled gone =
                on.store().settle(Settle.of(granted.lease(), HeadChange.gone(0).build()));
        on.leave(runId, granted.lease().incarnation());
        return gone;
    }

    @Clause(
            id = "DEL-06",
            must = "Within the fence time a commit of any earlier holder into a deleted or purged incarnation MUST be"
                    + " refused, also if the id was created anew meanwhile",
            why =
                    "a worker that slept through the deletion writes into a run that is another's, or revives the old one",
            usualFix =
                    "let a commit need the entry before its place, written under its lease, or keep every place of what"
                            + " is gone, for the fence time")
    default void del_06_lateCommitIsRefused(Trial trial) {
        Instance a = trial.open("A");
        Lease deleted = a.create("deleted").lease();
        a.steps(deleted, 1, 2);
        a.expire(deleted);
        Granted deleter =
                Instance.granted(a.acquire("deleted", Condition.openOrEnded().build()));
        Instance.done(
                a.store().settle(Settle.of(deleter.lease(), HeadChange.gone(0).build())));
        notAcknowledged(trial, a, deleted, 3, 3); // gone, and not yet erased
        a.leave("deleted", deleted.incarnation());

        Lease purged = a.create("purged").lease();
        a.steps(purged, 1, 1);
        Instance.done(a.end(purged, 2, RunStatus.COMPLETED));
        a.purge(Duration.ZERO, 100);

        for (Lease old : List.of(deleted, deleter.lease(), purged)) {
            lateInEveryForm(trial, a, old);
        }
        for (String runId : List.of("deleted", "purged")) {
            Lease fresh = a.create(runId).lease();
            a.steps(fresh, 1, 1);
        }
        for (Lease old : List.of(deleted, deleter.lease(), purged)) {
            Seen anew = a.read(old.runId());
            for (Instance who : trial.sameOtherReopened(a)) {
                lateInEveryForm(trial, who, old);
            }
            Answers.unchanged(trial, anew, a);
        }
        RemovalRaces.createdAnew(trial);
    }

    private static void lateInEveryForm(Trial trial, Instance on, Lease old) {
        notAcknowledged(trial, on, old, 0, old.runId().equals("purged") ? 2 : 3);
        Settle end = Settle.of(
                Requests.end(old, 2, RunStatus.COMPLETED),
                HeadChange.ended(RunStatus.COMPLETED).build());
        Settle ready = Settle.of(old, HeadChange.ready(Due.now()).build());
        for (Settle settle : List.of(end, ready)) {
            Settled answer = on.store().settle(settle);
            trial.that(!(answer instanceof Settled.Done), "a settle of an earlier holder to be refused", answer);
        }
        trial.equal("a renewal by an earlier holder:", new Renewed.Lost(), on.renew(old, Requests.LASTING));
    }

    /** At the places that the holder had, and at the next one, where the deleter's grant stood. */
    private static void notAcknowledged(Trial trial, Instance on, Lease old, long from, long to) {
        for (long place = from; place <= to; place++) {
            Entry entry = place == 0
                    ? Entry.grant(old, 0, EntryKind.GRANT, Requests.origin())
                    : Requests.step(old, place, "step-" + place);
            Appended answer = on.append(entry);
            boolean refused = answer instanceof Appended.Fenced
                    || (answer instanceof Appended.Taken taken && !taken.entry().equals(entry));
            trial.that(refused, "a commit of an earlier holder to be refused at place " + place, answer);
        }
    }
}
