// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.StoreOptions;
import java.util.ArrayList;
import java.util.List;

/** What CRASH tries at every request of every operation, found by running it. */
final class CrashPoints {
    private static final List<Fault> BOTH = List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER);

    private CrashPoints() {}

    /** The request does not arrive; somebody else repeats it. */
    static void cutBefore(Trial trial) {
        Crashes.lines(trial, all(trial), List.of(Fault.CUT_BEFORE), (who, other) -> List.of(other));
    }

    /** The reply does not arrive; somebody else repeats it. */
    static void cutAfter(Trial trial) {
        Crashes.lines(trial, all(trial), List.of(Fault.CUT_AFTER), (who, other) -> List.of(other));
    }

    /** Both, and the caller repeats it, then another one, then the caller again; where there is a wire. */
    static void repeatedByAll(Trial trial) {
        if (trial.hasWire()) {
            Crashes.lines(trial, all(trial), BOTH, (who, other) -> List.of(who.who(), other, who.who()));
        }
    }

    private static List<Operation> all(Trial trial) {
        List<Operation> all = new ArrayList<>(StoreOperations.all(trial));
        all.addAll(CoreOperations.all());
        return all;
    }

    static void cut(Trial trial, Operation operation) {
        cut(trial, List.of(operation));
    }

    /** The line breaks at every request of these, and they are repeated; where there is a wire. */
    static void cut(Trial trial, List<Operation> operations) {
        if (trial.hasWire()) {
            Crashes.lines(trial, operations, BOTH, (who, other) -> List.of(who.who(), other));
        }
    }

    /** The line of who purges breaks at every request; each time in a namespace of its own, since a purge looks at all of it. */
    static void cutPurging(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        int points = 0;
        for (Fault fault : BOTH) {
            for (int request = 1; isPurgedAt(trial, fault, request); request++) {
                points++;
            }
        }
        trial.tried(points + " requests of a purge cut", points);
    }

    private static boolean isPurgedAt(Trial trial, Fault fault, int request) {
        String when = "a purge " + fault + " at request " + request + ": ";
        StoreOptions apart = trial.options().namespace(Storages.freshName()).build();
        Wired cut = trial.wired("cut", apart);
        Instance other = trial.open("other", apart);
        Operation.Prepared purge = CoreOperations.purge(trial).on(other, "r");
        List<?> before = purge.view().apply(other);
        cut.wire().arm(request, fault);
        Told ended = Told.of(() -> purge.call().apply(cut.who()));
        boolean met = cut.wire().disarm() >= request;
        List<?> now = purge.view().apply(other);
        boolean isThere = now.equals(before);
        trial.that(isThere || now.equals(List.of("no run")), when + "the run whole, or gone", now);
        boolean fits = isThere
                ? ended.is(StoreUnavailableException.class) || ended.is(OutcomeUnknownException.class)
                : !(ended.how() instanceof Throwable) || ended.is(OutcomeUnknownException.class);
        trial.that(fits, when + "told as it is, with the run " + (isThere ? "there" : "gone"), ended);
        Object again = purge.call().apply(other);
        trial.that(purge.done().test(again), when + "a repeat done", again);
        trial.equal(
                when + "after a repeat a reader sees",
                List.of("no run"),
                purge.view().apply(other));
        cut.who().close();
        other.close();
        return met;
    }

    /** Who claims dies at every request; when its lease has run out, the run is claimed by another. */
    static void diesClaiming(Trial trial) {
        Wired dying = trial.wired("dying");
        Instance other = trial.open("other");
        int points = 0;
        for (Fault fault : BOTH) {
            for (int request = 1; isLeftClaimable(trial, dying, other, fault, request); request++) {
                points++;
            }
        }
        trial.tried("deaths at " + points + " requests of a claim", points);
    }

    private static boolean isLeftClaimable(Trial trial, Wired dying, Instance other, Fault fault, int request) {
        String id = trial.freshRun("claimed");
        String when = "a claim " + fault + " at request " + request + ": ";
        Operation.Prepared claim = StoreOperations.claim(other, id);
        dying.wire().armFrom(request, fault);
        Told.of(() -> claim.call().apply(dying.who()));
        boolean met = dying.wire().disarm() >= request;
        other.head(id).standing().ifPresent(other::expire);
        Object again = StoreOperations.claimOf(id).call().apply(other);
        trial.equal(when + "runs that another claims:", 1, ((List<?>) again).size());
        trial.equal(when + "the steps are", List.of("step-1"), other.read(id).texts());
        return met;
    }

    /** Who does it dies at every request, and somebody else does it; where there is a wire. */
    static void die(Trial trial, Operation operation) {
        if (trial.hasWire()) {
            Crashes.deaths(trial, List.of(operation), BOTH, (who, other) -> List.of(other));
        }
    }
}
