// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Claim;
import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Operation.Prepared;
import dev.cairn.tck.Races.Pair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An inbox, and a timer, of which somebody dies, or is cut off, at every request. */
final class InboxCuts {
    private static final Duration LONG = Duration.ofHours(1);

    private InboxCuts() {}

    // --- who is cut off takes nothing with him

    /** Whatever is done to a run, cut at every request: its messages are all there (SIG-03). */
    static void kept(Trial trial) {
        List<Operation> all = new ArrayList<>(List.of(
                new Operation("take", StoreOperations::take),
                new Operation("take over an expired lease", StoreOperations::takeExpired),
                new Operation("take over a live lease", StoreOperations::supersede),
                StoreOperations.claim(),
                StoreOperations.renewal()));
        all.addAll(StoreOperations.commits());
        all.addAll(StoreOperations.settles());
        CrashPoints.cut(trial, all.stream().map(InboxCuts::withMessages).toList());
    }

    private static Operation withMessages(Operation operation) {
        return new Operation(operation.name() + ", with two messages in the inbox", (by, id) -> {
            Prepared prepared = operation.on(by, id);
            by.signal(id, Requests.message("m", "approved"));
            by.signal(id, Requests.message("n", "rejected"));
            return new Prepared(prepared.call(), prepared.done(), reader -> inbox(reader, id));
        });
    }

    private static List<?> inbox(Instance reader, String id) {
        return reader.read(id).messages().stream().map(Received::message).toList();
    }

    // --- timers

    /** Two who claim a timer that is due (SIG-06). */
    static void claimers(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        new Races(trial)
                .explore("two claims of one timer", (held, other, id) -> {
                    asleep(other, id, other.now().minusMillis(1));
                    return new Pair(() -> claimed(held, id), () -> claimed(other, id), (when, x, y) -> {
                        List<Granted> all = new ArrayList<>();
                        for (Told ended : List.of(x, y)) {
                            trial.is(List.class, when + "claimed runs", ended.how());
                            ((List<?>) ended.how()).forEach(granted -> all.add((Granted) granted));
                        }
                        all.addAll(claimed(other, id)); // who found it locked comes again
                        trial.equal(when + "how often it was claimed:", 1, all.size());
                        trial.that(
                                other.head(id).isHeldBy(all.get(0).lease()),
                                when + "the run held by who was told so",
                                other.head(id));
                    });
                })
                .done();
    }

    private static List<Granted> claimed(Instance who, String id) {
        List<WorkflowVersions> asked = List.of(new WorkflowVersions(id, 1, Set.of(1)));
        return who.store().claim(new Claim(LeaseId.random(), asked, 1, Requests.LASTING, Requests.grant()));
    }

    private static void asleep(Instance by, String id, Instant due) {
        Instance.done(by.store().settle(suspension(held(by, id), due)));
    }

    private static Lease held(Instance by, String id) {
        Lease lease = by.create(id, Requests.newRun(id, dev.cairn.spi.Labels.NONE, RunStatus.READY))
                .lease();
        by.steps(lease, 1, 1);
        return lease;
    }

    private static Settle suspension(Lease lease, Instant due) {
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of(), Optional.of(due), 0);
        return Settle.of(
                Requests.entry(lease, 2, body),
                HeadChange.suspended(Set.of(), Due.at(due), 0).build());
    }

    /** Who sets a timer dies at every request; the timer is set to the time that was meant, or not at all (SIG-06). */
    static void deaths(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Wired dying = trial.wired("dying");
        Instance other = trial.open("other");
        List<String> asleep = new ArrayList<>();
        int points = 0;
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            for (int request = 1; isDead(trial, dying, other, fault, request, asleep); request++) {
                points++;
            }
        }
        if (trial.harness().clock().isPresent()) {
            trial.pass(LONG.plusMillis(1));
            for (String id : asleep) {
                trial.equal(
                        "when it is due, claims of the timer of a dead worker:",
                        1,
                        claimed(other, id).size());
                trial.equal("and once more:", 0, claimed(other, id).size());
            }
        }
        trial.tried("the death of who sets a timer at " + points + " requests", points);
    }

    private static boolean isDead(
            Trial trial, Wired dying, Instance other, Fault fault, int request, List<String> asleep) {
        String id = trial.freshRun("timer");
        String when = "a timer whose setting is " + fault + " at request " + request + ": ";
        Instant due = other.now().plus(LONG).truncatedTo(ChronoUnit.MILLIS);
        Settle suspends = suspension(held(other, id), due);
        dying.wire().armFrom(request, fault);
        Told.of(() -> dying.who().store().settle(suspends));
        boolean met = dying.wire().disarm() >= request;
        other.head(id).standing().ifPresent(other::expire);
        boolean isSet = other.read(id).fold().suspension().isPresent();
        trial.equal(
                when + "claims of it before it is due:",
                isSet ? 0 : 1,
                claimed(other, id).size());
        if (isSet) {
            trial.equal(
                    when + "after one lease it is",
                    RunStatus.SUSPENDED,
                    other.head(id).status());
            trial.equal(
                    when + "the due time is", Optional.of(due), other.head(id).due());
            asleep.add(id);
        }
        return met;
    }
}
