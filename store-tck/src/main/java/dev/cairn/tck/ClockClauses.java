// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewed;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;

/** CLOCK: a store's clock that is set. Where it cannot be, the times in the head are set the other way. */
interface ClockClauses extends KitClauses {
    @Clause(
            id = "CLOCK-01",
            must =
                    "If the store's clock goes back, no token repeats, and a deadline further ahead than its lease is long"
                            + " counts as expired",
            why = "after a wrong time was corrected every run is stuck until that time comes again",
            usualFix = "keep how long a lease was granted for; give out the larger of the clock and the last token + 1")
    default void clock_01_clockGoesBack(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease taken = a.create("taken").lease();
        Lease claimed = a.create("claimed").lease();
        Lease renewed = a.create("renewed").lease();
        Lease deleted = a.create("deleted").lease();
        List<String> runs = List.of("taken", "claimed", "renewed", "deleted");
        Duration hours = Duration.ofHours(2);
        goesOn(trial, a, runs, hours.negated());
        try {
            trial.equal("its renewal is", new Renewed.Held(Requests.LASTING), a.renew(renewed, Requests.LASTING));
            Answers.refused(trial, Reason.HELD, b.acquire("renewed"));
            isAbove(trial, taken, Answers.granted(trial, "a run leased from the future", b.acquire("taken")));
            fenced(trial, a, taken);
            Lease mover = Answers.granted(trial, "a run leased from the future", b.acquire("deleted"))
                    .lease();
            b.free(mover);
            b.delete("deleted");
            isAbove(trial, mover, b.create("deleted"));
            isAbove(trial, deleted, b.supersede("deleted"));
            List<Granted> due = b.claim(100);
            trial.equal(
                    "the runs that are claimed are",
                    List.of("claimed"),
                    due.stream().map(granted -> granted.lease().runId()).toList());
            isAbove(trial, claimed, due.get(0));
            fenced(trial, a, claimed);
        } finally {
            movesBack(trial, hours);
        }
    }

    private static void isAbove(Trial trial, Lease old, Granted granted) {
        trial.that(
                granted.lease().token() > old.token(),
                "a token above " + old.token(),
                granted.lease().token());
    }

    private static void fenced(Trial trial, Instance a, Lease old) {
        Entry late = Requests.step(old, 1, "late");
        Answers.notAcknowledged(trial, late, a.append(late));
        Answers.notDone(trial, a.release(old));
        Answers.notDone(trial, a.end(old, 1, RunStatus.COMPLETED));
        trial.equal("the renewal of the old one is", new Renewed.Lost(), a.renew(old, Requests.LASTING));
        trial.equal("commits in the journal:", 0L, a.revision(old.runId()).count());
    }

    /** The clock of the store against the times in these heads. */
    private static void goesOn(Trial trial, Instance a, List<String> runs, Duration by) {
        if (trial.harness().clock().isPresent()) {
            trial.pass(by);
        } else {
            runs.forEach(run -> trial.raw().shiftTimes(trial.env(a), run, by.negated()));
        }
    }

    private static void movesBack(Trial trial, Duration by) {
        if (trial.harness().clock().isPresent()) {
            trial.pass(by);
        }
    }

    @Clause(
            id = "CLOCK-02",
            must = "A store clock that jumps 2 h ahead MUST NOT let an earlier holder's commit be acknowledged",
            why = "after a clock was set every worker loses its lease at once, and each goes on beside its replacement",
            usualFix = "fence by the grant in the journal, never by the deadline alone")
    default void clock_02_clockJumpsAhead(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease taken = a.create("taken").lease();
        Lease claimed = a.create("claimed").lease();
        goesOn(trial, a, List.of("taken", "claimed"), Duration.ofHours(2));

        Granted next = Answers.granted(trial, "a run whose deadline was jumped over", b.acquire("taken"));
        List<Granted> due = b.claim(100);

        isAbove(trial, taken, next);
        trial.equal("runs that are claimed:", 1, due.size());
        fenced(trial, a, taken);
        fenced(trial, a, claimed);
        trial.that(b.head("taken").isHeldBy(next.lease()), "the newer lease in the head", b.head("taken"));
        Acquire again = Requests.acquire("taken", new Acquire.Create(Requests.newRun()));
        Answers.refused(trial, Reason.EXISTS, a.store().acquire(again));
    }
}
