// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Clients that change a run which all of them expect at one revision, one of them cut off at every request: what was
 * acknowledged is there, and what is there was acknowledged, or its client does not know (VER-05).
 */
final class CutChanges {
    private static final int TRIES_WHILE_HELD = 20;

    /** What a client was told of its change. */
    private enum Heard {
        ACKNOWLEDGED,
        NOT_DONE,
        UNKNOWN
    }

    private final Trial trial;
    private final Wired cut;
    private final List<Instance> others;

    private CutChanges(Trial trial) {
        this.trial = trial;
        this.cut = trial.wired("cut");
        this.others = List.of(trial.open("B"), trial.open("C"));
    }

    static void explore(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        CutChanges changes = new CutChanges(trial);
        int points = 0;
        for (boolean restores : List.of(false, true)) {
            for (boolean atOnce : List.of(false, true)) {
                for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
                    int request = 1;
                    while (changes.isCut(restores, atOnce, fault, request)) {
                        request++;
                    }
                    points += request - 1;
                }
            }
        }
        trial.tried("a client of three cut at " + points + " requests", points);
    }

    private boolean isCut(boolean restores, boolean atOnce, Fault fault, int request) {
        Instance reader = others.get(0);
        String id = trial.freshRun("expected");
        reader.createFree(id);
        Seen seen = reader.read(id);
        String when = (restores ? "a restore " : "a commit ") + fault + " at request " + request + ": ";
        List<Callable<Heard>> calls = new ArrayList<>();
        calls.add(() -> changed(cut.who(), seen, "cut", restores));
        for (Instance other : others) {
            calls.add(() -> changed(other, seen, "of " + other, !restores));
        }
        cut.wire().arm(request, fault);
        List<Heard> heard = new ArrayList<>();
        if (atOnce) {
            heard.addAll(trial.atOnce(calls));
        } else {
            heard.addAll(trial.atOnce(calls.subList(0, 1)));
            reader.head(id).standing().ifPresent(reader::expire);
            heard.addAll(trial.atOnce(calls.subList(1, calls.size())));
        }
        boolean met = cut.wire().disarm() >= request;
        reader.head(id).standing().ifPresent(reader::expire);
        isWhatWasTold(when, heard, reader.read(id).texts());
        return met;
    }

    private void isWhatWasTold(String when, List<Heard> heard, List<String> shown) {
        Set<String> acknowledged = new HashSet<>();
        Set<String> possible = new HashSet<>();
        List<String> texts = new ArrayList<>(List.of("cut"));
        others.forEach(other -> texts.add("of " + other));
        for (int i = 0; i < texts.size(); i++) {
            if (heard.get(i) == Heard.ACKNOWLEDGED) {
                acknowledged.add(texts.get(i));
            }
            if (heard.get(i) != Heard.NOT_DONE) {
                possible.add(texts.get(i));
            }
        }
        trial.that(
                shown.containsAll(acknowledged), when + "all that was acknowledged shown, of " + acknowledged, shown);
        trial.that(
                possible.containsAll(shown),
                when + "nothing shown whose client was told otherwise, but " + possible,
                shown);
        trial.that(shown.size() <= 1, when + "one change at most of those that expected the same", shown);
    }

    private Heard changed(Instance who, Seen seen, String text, boolean restores) {
        Told told = Told.of(() -> taken(who, seen));
        if (!(told.how() instanceof Granted granted)) {
            return Heard.NOT_DONE; // of the change nothing was sent
        }
        return restores ? restored(who, granted.lease(), text) : committed(who, granted, text);
    }

    private static Acquired taken(Instance who, Seen seen) {
        String id = seen.head().runId();
        Acquired answer = who.acquireAt(id, seen.revision());
        for (int i = 0; i < TRIES_WHILE_HELD && answer instanceof Refused no && no.reason() == Reason.HELD; i++) {
            answer = who.acquireAt(id, seen.revision());
        }
        return answer;
    }

    private static Heard committed(Instance who, Granted granted, String text) {
        long place = granted.page().entries().size();
        Told told = Told.of(() -> Operation.orThrown(who.step(granted.lease(), place, text)));
        Told.of(() -> who.release(granted.lease()));
        return heard(told, Appended.Written.class);
    }

    private static Heard restored(Instance who, Lease lease, String text) {
        Incarnation next = Incarnation.random();
        Lease beside = lease.over(next);
        Told written = Told.of(() -> {
            Instance.done(
                    who.store().settle(Settle.of(lease, HeadChange.naming(next).build())));
            Operation.orThrown(who.append(Requests.firstEntry(beside)));
            return Operation.orThrown(who.step(beside, 1, text));
        });
        if (!written.is(Appended.Written.class)) {
            return Heard.NOT_DONE; // what lies beside a run is not the run
        }
        Told told = Told.of(() -> who.store()
                .settle(Settle.of(
                        lease, HeadChange.ready(Due.now()).switchingTo(next, 0).build())));
        if (told.is(Settled.Done.class)) {
            Told.of(() -> {
                who.leave(lease.runId(), lease.incarnation());
                return "left";
            });
        }
        return heard(told, Settled.Done.class);
    }

    private static Heard heard(Told told, Class<?> done) {
        return told.is(done)
                ? Heard.ACKNOWLEDGED
                : told.is(OutcomeUnknownException.class) ? Heard.UNKNOWN : Heard.NOT_DONE;
    }
}
