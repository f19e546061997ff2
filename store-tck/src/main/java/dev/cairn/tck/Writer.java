// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Writes one run, one request after the other, until one is not acknowledged: steps, signals to it, and now and then a
 * release together with a step and a new lease. What the storage holds later has to be what was sent, as far as it goes.
 */
final class Writer {
    private static final int SIGNALS_EVERY = 5;
    private static final int RELEASES_EVERY = 8;

    /** What belongs at one place: a step, or the grant of a lease; behind a released step nobody holds the run. */
    private record Sent(LeaseId lease, Optional<Entry> step, boolean releases) {
        boolean is(Entry there) {
            return step.map(there::equals)
                    .orElseGet(
                            () -> there.kind().isGrant() && there.lease().id().equals(lease));
        }
    }

    private final Trial trial;
    private final Instance who;
    private final String runId;
    private final Runnable acknowledging;
    private final boolean survives;
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> signals = new ArrayList<>();
    private int acknowledged;
    private int requests;
    private Optional<Lease> lease = Optional.empty();
    private Optional<Callable<Boolean>> open = Optional.empty();
    private boolean isUndone;

    /** One whose acknowledged writes stay there, or may be lost, with its lease, at their end. */
    Writer(Trial trial, Instance who, String runId, boolean survives, Runnable acknowledging) {
        this.trial = trial;
        this.who = who;
        this.runId = runId;
        this.acknowledging = acknowledging;
        this.survives = survives;
    }

    /** Does the next request; whether it was acknowledged. */
    boolean next() {
        requests++;
        if (lease.isEmpty()) {
            return grant();
        }
        if (requests % SIGNALS_EVERY == 0) {
            return signal();
        }
        return step(lease.get(), requests % RELEASES_EVERY == 0);
    }

    private boolean grant() {
        Acquire.Target target = sent.isEmpty()
                ? new Acquire.Create(Requests.newRun())
                : new Acquire.Take(Condition.open().build());
        Acquire request = Requests.acquire(runId, target);
        sent.add(new Sent(request.leaseId(), Optional.empty(), false));
        return isDone(() -> who.store().acquire(request), Granted.class::isInstance, granted -> {
            lease = Optional.of(((Granted) granted).lease());
            acknowledged++;
        });
    }

    private boolean step(Lease held, boolean releases) {
        Entry entry = Requests.step(held, sent.size(), "step-" + sent.size());
        Settle settle = Settle.of(entry, HeadChange.ready(Due.now()).build());
        sent.add(new Sent(held.id(), Optional.of(entry), releases));
        Callable<Object> call =
                releases ? () -> who.store().settle(settle) : () -> Operation.orThrown(who.append(entry));
        Predicate<Object> done =
                releases ? Settled.Done.class::isInstance : answer -> StoreOperations.isThere(entry, answer);
        return isDone(call, done, answer -> {
            lease = lease.filter(still -> !releases);
            acknowledged++;
        });
    }

    private boolean signal() {
        Message message = Requests.message("message-" + requests, "n");
        return isDone(() -> who.signal(runId, message), Signalled.STORED::equals, answer -> signals.add(message.id()));
    }

    /** By a server that does not know of the lease any more. */
    private boolean isLost(Told told) {
        return !survives && !(told.how() instanceof Throwable);
    }

    private interface Acknowledged {
        void by(Object answer);
    }

    private boolean isDone(Callable<?> call, Predicate<Object> done, Acknowledged acknowledges) {
        Told told = Told.of(call);
        if (!(told.how() instanceof Throwable) && done.test(told.how())) {
            acknowledges.by(told.how());
            acknowledging.run();
            return true;
        }
        isUndone = told.is(StoreUnavailableException.class);
        trial.that(
                isUndone || told.is(OutcomeUnknownException.class) || isLost(told),
                "run " + runId + ": a write done, unavailable or unknown",
                told);
        open = Optional.of(() -> {
            Told again = Told.of(call);
            boolean isThere = !(again.how() instanceof Throwable) && done.test(again.how());
            if (isThere) {
                acknowledges.by(again.how());
                isUndone = false;
            }
            return isThere;
        });
        return false;
    }

    // --- afterwards

    /** Repeats what was not acknowledged: the first try may meet what the death of a server left, the second may not. */
    void finish(String when) throws Exception {
        if (open.isPresent()) {
            boolean first = open.get().call();
            boolean done = first || open.get().call();
            trial.that(done, when + "run " + runId + ": the open write acknowledged at its second repeat", "it is not");
            open = Optional.empty();
        }
    }

    /**
     * The run has to be a prefix of what was sent, whole; with all of it that was acknowledged, or, above the store's tier,
     * as much as there is.
     */
    void check(String when, Instance reader, boolean isAllThere) {
        String run = when + "run " + runId + ": ";
        Optional<Seen> found = Optional.empty();
        List<Entry> entries = reader.entries(runId);
        for (int place = 0; place < entries.size(); place++) {
            Entry there = entries.get(place);
            boolean fits = place < sent.size()
                    && there.place() == place
                    && sent.get(place).is(there);
            trial.that(fits, run + "at place " + place + " what was sent for it, or nothing from there on", there);
        }
        if (!entries.isEmpty()) {
            found = reader.find(runId);
            notTorn(run, found.orElseThrow(), entries);
        }
        if (isAllThere) {
            trial.that(
                    entries.size() >= acknowledged,
                    run + "the " + acknowledged + " acknowledged entries",
                    entries.size() + " of them");
            List<String> messages = found.map(Writer::messages).orElse(List.of());
            trial.that(messages.containsAll(signals), run + signals.size() + " acknowledged signals", messages.size());
            trial.that(
                    !isUndone || entries.size() <= acknowledged,
                    run + "nothing of a write that was told to be undone",
                    entries.size() + " entries, and " + acknowledged + " are acknowledged");
        }
    }

    private static List<String> messages(Seen seen) {
        return seen.messages().stream().map(Received::message).map(Message::id).toList();
    }

    /** A head that nobody holds follows from a release in the journal. */
    private void notTorn(String run, Seen seen, List<Entry> entries) {
        boolean isReleased = sent.get(entries.size() - 1).releases();
        trial.that(
                isReleased || seen.head().standing().isPresent(),
                run + "a holder, since the journal's last entry is no release",
                seen.head());
    }

    /** Whoever takes the run over gets all of it, and is the only one who writes. */
    void takeOver(String when, Instance other) {
        String run = when + "run " + runId + ": ";
        List<Entry> before = other.entries(runId);
        if (before.isEmpty()) {
            return;
        }
        Granted granted = Answers.granted(
                trial,
                run + "a lease for another",
                other.acquire(runId, Condition.open().over(Condition.Over.LIVE).build()));
        List<Entry> handedOver = Seen.entriesOf(other.store(), granted);
        trial.that(
                handedOver.size() > before.size()
                        && handedOver.subList(0, before.size()).equals(before),
                run + "all " + before.size() + " entries handed over",
                handedOver.size() + " entries");
        long next = handedOver.size();
        trial.is(Appended.Written.class, run + "its step written", other.step(granted.lease(), next, "other"));
        lease.map(old -> Requests.step(old, next + 1, "old"))
                .ifPresent(late -> Answers.notAcknowledged(trial, late, other.append(late)));
        trial.that(other.read(runId).fold().isHeldBy(granted.lease()), run + "one holder, the other", "another");
    }
}
