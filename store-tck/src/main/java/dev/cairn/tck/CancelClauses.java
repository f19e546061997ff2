// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** CANCEL: a cancel against the holder. It takes the run over its lease and writes the end. */
interface CancelClauses extends KitClauses {
    @Clause(
            id = "CANCEL-01",
            must =
                    "Cancel and end MUST race for one place: exactly one counts and both callers are told which; after an"
                            + " acknowledged cancel no step counts, and the holder is told cancelled",
            why = "an order is shipped whose cancellation was confirmed",
            usualFix = "the end goes to its place only if that is free, in the request that changes the head")
    default void cancel_01_oneEndCounts(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease holder = a.create("r").lease();
        a.steps(holder, 1, 1);
        Lease canceller = b.supersede("r").lease();
        Settled end = a.end(holder, 2, RunStatus.COMPLETED);
        Settled.Taken taken = trial.is(Settled.Taken.class, "taken by the canceller's grant", end);
        trial.that(taken.entry().isUnder(canceller), "the canceller's grant", taken.entry());
        trial.is(Settled.Done.class, "cancelled", b.end(canceller, 3, RunStatus.CANCELLED));
        for (Instance who : trial.sameOtherReopened(a)) {
            Entry late = Requests.step(holder, 2, "late");
            Answers.notAcknowledged(trial, late, who.append(late));
            Answers.notDone(trial, who.end(holder, 2, RunStatus.COMPLETED));
            isTold(trial, who, "r", RunStatus.CANCELLED);
        }
        a.createEnded("ended", RunStatus.COMPLETED);
        Seen before = a.read("ended");
        isTold(trial, b, "ended", RunStatus.COMPLETED);
        Answers.unchanged(trial, before, b);
        for (int round = 0; round < 6; round++) {
            cancelledWhileEnding(trial, "race" + round, a, b);
        }
        JournalRaces.cancelled(trial);
        LockRaces.cancelled(trial);
    }

    private static Acquired cancels(Instance who, String run) {
        return who.acquire(run, Condition.open().over(Condition.Over.LIVE).build());
    }

    /** Who asks for an ended run is shown how it ended. */
    private static void isTold(Trial trial, Instance who, String run, RunStatus status) {
        Refused refused = Answers.refused(trial, Reason.ENDED, cancels(who, run));
        List<EntryKind> kinds = refused.ended().stream().map(Entry::kind).toList();
        trial.equal("entry 0 and the end:", List.of(EntryKind.GRANT, EntryKind.END), kinds);
        trial.equal("the run is", status, EntryCodec.endStatus(refused.ended().get(1)));
        Seen seen = who.read(run);
        trial.equal("the status is", status, seen.head().status());
        trial.equal(
                "the end that counts is",
                Optional.of(refused.ended().get(1)),
                seen.fold().end());
    }

    private static void cancelledWhileEnding(Trial trial, String run, Instance a, Instance b) {
        Lease holder = a.create(run).lease();
        List<Callable<Object>> both = List.of(() -> a.end(holder, 1, RunStatus.COMPLETED), () -> {
            Acquired answer = cancels(b, run);
            return answer instanceof Granted granted
                    ? b.end(granted.lease(), granted.page().entries().size(), RunStatus.CANCELLED)
                    : answer;
        });

        List<Object> answers = trial.atOnce(both);

        boolean ended = answers.get(0) instanceof Settled.Done;
        boolean cancelled = answers.get(1) instanceof Settled.Done;
        trial.that(ended != cancelled, "one of end and cancel", answers);
        if (ended) {
            Answers.refused(trial, Reason.ENDED, (Acquired) answers.get(1));
        } else {
            Answers.notDone(trial, (Settled) answers.get(0));
        }
        isTold(trial, a, run, ended ? RunStatus.COMPLETED : RunStatus.CANCELLED);
        long ends = a.read(run).counting().stream()
                .filter(entry -> entry.kind() == EntryKind.END)
                .count();
        trial.equal("ends that count:", 1L, ends);
    }

    @Clause(
            id = "CANCEL-02",
            must = "A cancel whose caller dies anywhere MUST be wholly done or not done after one lease, suspended runs"
                    + " included",
            why = "a run that was half cancelled runs on without its timer, or never again",
            usualFix = "taking a run changes its lease, token and deadline, and nothing else of its head")
    default void cancel_02_halfCancelIsNone(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Optional<Instant> later = Optional.of(a.now().plus(Requests.LASTING));
        Lease running = a.create("running").lease();
        a.steps(running, 1, 1);
        Instance.done(a.suspend(a.create("asleep").lease(), 1, Optional.empty(), 0, "approved"));
        Instance.done(a.suspend(a.create("timer").lease(), 1, later, 0, "approved"));
        List<Head> before = List.of(a.head("running"), a.head("asleep"), a.head("timer"));
        before.forEach(head -> diesAfterItsGrant(trial, b, head.runId()));

        List<Granted> claimed = a.claim(100);

        trial.equal(
                "the runs that go on are",
                List.of("running"),
                claimed.stream().map(granted -> granted.lease().runId()).toList());
        trial.equal("its steps are", List.of("step-1"), a.read("running").texts());
        for (Head head : before) {
            Head now = a.head(head.runId());
            trial.equal("the status of " + head.runId(), head.status(), now.status());
            trial.equal("the due time of " + head.runId(), head.due(), now.due());
            trial.equal("the signals awaited by " + head.runId(), head.awaits(), now.awaits());
        }
        Answers.notDone(trial, a.release(running));
        a.signal("asleep", Requests.message("m", "approved"));
        trial.equal("runs that are due by a signal:", 1, a.claim(100).size());

        for (String run : List.of("running", "asleep", "timer")) {
            Granted again = Answers.granted(trial, "the run, to be cancelled again", cancels(b, run));
            Settled done = b.end(again.lease(), b.read(run).length(), RunStatus.CANCELLED);
            trial.is(Settled.Done.class, "cancelled", done);
            isTold(trial, a, run, RunStatus.CANCELLED);
        }
        CrashPoints.die(trial, CoreOperations.cancel());
    }

    private static void diesAfterItsGrant(Trial trial, Instance who, String run) {
        Condition live = Condition.open().over(Condition.Over.LIVE).build();
        Duration ttl = Duration.ofMillis(50);
        Instance.granted(who.store().acquire(Requests.acquire(run, new Acquire.Take(live), ttl)));
        Instant deadline = who.head(run).lease().orElseThrow().deadline();
        while (who.now().isBefore(deadline)) {
            trial.pass(Duration.ofMillis(10));
        }
    }
}
