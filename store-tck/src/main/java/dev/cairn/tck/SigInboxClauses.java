// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** SIG: which signals a run takes, and which it has seen. */
interface SigInboxClauses extends KitClauses {
    @Clause(
            id = "SIG-04",
            must =
                    "A signal id MUST be delivered once per incarnation, also when sent again after it was consumed; order is"
                            + " the order of acknowledgement by one sender",
            why = "a payment that is confirmed twice is booked twice",
            usualFix = "key messages by run, incarnation and id, insert only if absent, and order them by number")
    default void sig_04_idIsDeliveredOnce(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        List<Message> sent = List.of(
                Requests.message("z", "approved"),
                Requests.message("a", "approved"),
                Requests.message("m", "rejected"));
        sent.forEach(message -> Inbox.stored(trial, a.signal("r", message)));
        Message other = new Message("z", "approved", Bytes.utf8("\"other\""));
        for (Instance who : trial.sameOtherReopened(a)) {
            Inbox.stored(trial, who.signal("r", other));
            trial.equal("the inbox is", sent, Inbox.messages(who.read("r").messages()));
        }
        a.steps(lease, 1, 1);
        Inbox.stored(trial, a.signal("r", sent.get(1)));
        trial.equal("the inbox is", sent, Inbox.messages(a.read("r").messages()));

        List<Instance> parties = Race.parties(trial, 3);
        a.create("many");
        List<Callable<Signalled>> calls = new ArrayList<>();
        for (Instance who : parties) {
            calls.add(() -> inOrder(who));
        }
        trial.atOnce(calls).forEach(answer -> Inbox.stored(trial, answer));
        List<String> ids = a.read("many").messages().stream()
                .map(received -> received.message().id())
                .toList();
        trial.equal("messages in the inbox:", 10, ids.size());
        for (Instance who : parties) {
            List<String> mine =
                    ids.stream().filter(id -> id.startsWith(who + "-")).toList();
            trial.equal("the order is that of " + who + ",", names(who), mine);
        }
        anewInALaterIncarnation(trial, a, sent);
    }

    private static List<String> names(Instance who) {
        return IntStream.of(2, 0, 1).mapToObj(i -> who + "-" + i).toList();
    }

    /** Three of its own, and one that all send. */
    private static Signalled inOrder(Instance who) {
        names(who).forEach(id -> who.signal("many", Requests.message(id, "approved")));
        return who.signal("many", Requests.message("same", "approved"));
    }

    private static void anewInALaterIncarnation(Trial trial, Instance a, List<Message> sent) {
        a.free(a.head("r").standing().orElseThrow());
        Instance.done(a.restore("r", a.revision("r"), "restored"));
        trial.equal("the inbox of the restored run is", List.of(), a.read("r").messages());
        sent.forEach(message -> Inbox.stored(trial, a.signal("r", message)));
        trial.equal("the inbox is", sent, Inbox.messages(a.read("r").messages()));
    }

    @Clause(
            id = "SIG-05",
            must =
                    "A signal to an unknown or terminal run MUST give the documented typed result, create nothing, and never"
                            + " reach a later run of the same id; none MUST be acknowledged after an acknowledged end",
            why = "a sender believes it was heard, or yesterday's approval approves today's order",
            usualFix = "read the status in the request that writes the message; remove the inbox with the run")
    default void sig_05_nobodyToReceive(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Message message = Requests.message("m", "approved");
        trial.equal("the signal is", Signalled.ABSENT, a.signal("r", message));
        Answers.absent(trial, "r", b);
        for (RunStatus status : List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)) {
            String run = "ended " + status;
            a.createEnded(run, status);
            isToldAndNothingChanges(trial, Signalled.ENDED, a, b, run);
        }
        a.create("arriving", Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING));
        isToldAndNothingChanges(trial, Signalled.ARRIVING, a, b, "arriving");
        for (int i = 0; i < 2; i++) {
            Granted created = a.create("r");
            trial.equal("the inbox of a new run is", List.of(), created.page().messages());
            trial.equal("signals in its head:", 0L, created.page().head().signals());
            Inbox.stored(trial, b.signal("r", Requests.message("m" + i, "approved")));
            a.free(created.lease());
            a.delete("r");
            trial.equal("the signal is", Signalled.ABSENT, b.signal("r", message));
            Answers.absent(trial, "r", b);
        }
        trial.equal(
                "the inbox of the new run is", List.of(), a.create("r").page().messages());
        trial.equal("the inbox of the new run is", List.of(), b.read("r").messages());
        for (int round = 0; round < 4; round++) {
            sentWhileEnding(trial, "race" + round, a, b);
        }
        InboxRaces.ended(trial);
    }

    private static void isToldAndNothingChanges(Trial trial, Signalled expected, Instance a, Instance b, String run) {
        Seen before = a.read(run);
        trial.equal("the signal is", expected, a.signal(run, Requests.message("m", "approved")));
        trial.equal("the signal is", expected, b.signal(run, Requests.message("m", "approved")));
        Answers.unchanged(trial, before, b);
    }

    private static void sentWhileEnding(Trial trial, String run, Instance a, Instance b) {
        Lease lease = a.create(run).lease();
        List<Callable<Object>> both = List.of(
                () -> a.end(lease, 1, RunStatus.COMPLETED), () -> b.signal(run, Requests.message("m", "approved")));

        List<Object> answers = trial.atOnce(both);

        trial.is(Settled.Done.class, "ended", answers.get(0));
        boolean stored = answers.get(1) == Signalled.STORED;
        trial.that(stored || answers.get(1) == Signalled.ENDED, "stored or ended", answers.get(1));
        if (stored) {
            trial.equal("messages in the inbox:", 1, a.read(run).messages().size());
        }
        trial.equal("a later one is", Signalled.ENDED, b.signal(run, Requests.message("n", "approved")));
    }

    @Clause(
            id = "SIG-07",
            must =
                    "Restore, delete and move with an expectation MUST be refused if a signal was acknowledged since, or carry"
                            + " it over",
            why = "an operator replaces a run and the approval that just came is gone",
            usualFix = "compare the number of signals in the update that makes the run gone or switches it")
    default void sig_07_unseenSignalRefuses(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        Instance.done(a.suspend(lease, 1, Optional.empty(), 0, "approved"));
        Granted mover = Instance.granted(a.acquireAt("r", a.revision("r")));
        Incarnation next = Incarnation.random();
        Instance.done(a.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        a.append(Requests.firstEntry(mover.lease().over(next)));
        Inbox.stored(trial, b.signal("r", Requests.message("m", "approved")));
        Seen before = b.read("r");
        for (Instance who : trial.sameOtherReopened(a)) {
            for (HeadChange change : List.of(
                    HeadChange.gone(0).build(),
                    HeadChange.ready(Due.now()).switchingTo(next, 0).build())) {
                Settled answer = who.store().settle(Settle.of(mover.lease(), change));
                trial.is(Settled.Signalled.class, "refused: a signal came", answer);
                Answers.unchanged(trial, before, b);
            }
        }
        Settled done =
                a.store().settle(Settle.of(mover.lease(), HeadChange.gone(1).build()));
        trial.is(Settled.Done.class, "done: the signal was seen", done);
        for (int round = 0; round < 6; round++) {
            sentWhileDeleting(trial, "race" + round, a, b);
        }
        InboxRaces.unseen(trial);
        LockRaces.unseen(trial);
    }

    private static void sentWhileDeleting(Trial trial, String run, Instance a, Instance b) {
        Lease lease = a.create(run).lease();
        List<Callable<Object>> both = List.of(
                () -> a.store().settle(Settle.of(lease, HeadChange.gone(0).build())),
                () -> b.signal(run, Requests.message("m", "approved")));

        List<Object> answers = trial.atOnce(both);

        boolean gone = answers.get(0) instanceof Settled.Done;
        trial.equal("the signal is", gone ? Signalled.ABSENT : Signalled.STORED, answers.get(1));
        trial.that(gone || answers.get(0) instanceof Settled.Signalled, "gone, or a signal came", answers.get(0));
        trial.that(
                gone == b.find(run).isEmpty(),
                gone ? "no run" : "the run",
                b.find(run).isPresent());
    }
}
