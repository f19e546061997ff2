// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.error.LeaseLostException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings a saved state into a store: page by page into an incarnation that is nobody's run yet, which the last act makes the
 * run. Cut anywhere, the old or the new state is readable, and repeating it finishes it (contract SNAP-01, SNAP-02).
 */
final class Restores {
    private static final int STEPS_A_PAGE = 100;
    private static final int PAGE_BYTES = 1 << 20;

    private final Connection connection;

    Restores(Connection connection) {
        this.connection = connection;
    }

    /** Creates a run from a state. */
    void create(ResumeState state) {
        NewRun run = new NewRun(
                state.workflow(),
                state.version(),
                Incarnation.random(),
                state.allLabels(),
                RunStatus.ARRIVING,
                connection.grant(null, state.origin()),
                0);
        HolderClock.Mark sent = connection.settings().clock().now();
        Acquired answer = acquire(state.id(), new Acquire.Create(run));
        if (answer instanceof Refused refused) {
            throw RunRefusals.of(state.id(), refused, null, Duration.ZERO);
        }
        Granted granted = (Granted) answer;
        RunRecord record = new RunRecord(granted.page().head());
        record.add(granted.page());
        writeAll(state, commits(granted, sent, record));
        settleOrConflict(granted, arrived(state).progress(state.progress()).build());
    }

    /** Puts a state in the place of a run. */
    void replace(ResumeState state, ResumeState expected) {
        if (!state.id().equals(expected.id())) {
            throw new IllegalArgumentException("the state of run " + state.id() + " cannot take the place of run "
                    + expected.id() + "; their ids differ");
        }
        HolderClock.Mark sent = connection.settings().clock().now();
        Acquired answer = acquireAt(expected);
        if (answer instanceof Refused refused) {
            throw RunRefusals.of(state.id(), refused, null, Duration.ZERO);
        }
        Granted granted = (Granted) answer;
        Incarnation next = Incarnation.random();
        settleOrConflict(granted, HeadChange.naming(next).build());
        writeBeside(state, granted, sent, next);
        settleOrConflict(
                granted,
                arrived(state)
                        .switchingTo(next, expected.signals())
                        .labels(state.allLabels())
                        .progress(state.progress())
                        .build());
        connection
                .repeats()
                .afterwards(() -> connection
                        .store()
                        .erase(List.of(
                                new Erase.Leftover(state.id(), granted.lease().incarnation()))));
    }

    private void writeBeside(ResumeState state, Granted granted, HolderClock.Mark sent, Incarnation next) {
        Lease beside = granted.lease().over(next);
        Head head = granted.page().head().edit().incarnation(next).build();
        RunRecord record = new RunRecord(head);
        Granted there = new Granted(
                beside,
                granted.timeLeft(),
                new Page(head, granted.page().storeTime(), List.of(), List.of(), Optional.empty()));
        RunCommits commits = commits(there, sent, record, granted.lease());
        write(
                commits,
                new EntryBody.Grant(
                        connection.settings().holder(),
                        connection.settings().host(),
                        "",
                        0,
                        Optional.of(state.origin())));
        writeAll(state, commits);
    }

    private void writeAll(ResumeState state, RunCommits commits) {
        for (EntryBody body : bodies(state)) {
            write(commits, body);
        }
    }

    private static void write(RunCommits commits, EntryBody body) {
        try {
            commits.write(body);
        } catch (RunStopped stop) {
            throw asException(stop);
        }
    }

    private static CairnException asException(RunStopped stop) {
        return stop.getCause() instanceof CairnException cause
                ? cause
                : new LeaseLostException(String.valueOf(stop.getMessage()), stop);
    }

    /** The entries that say what a state says, without its first grant. */
    static List<EntryBody> bodies(ResumeState state) {
        List<EntryBody> bodies = new ArrayList<>();
        for (StepRecord forgotten : state.history()) {
            bodies.add(new EntryBody.Steps(List.of(forgotten)));
            bodies.add(new EntryBody.Forgotten(List.of(forgotten.key())));
        }
        state.allAttempts().values().forEach(tries -> tries.last().forEach(a -> bodies.add(new EntryBody.Tried(a))));
        addSteps(bodies, state.steps());
        state.messages().forEach(message -> bodies.add(new EntryBody.Carried(List.of(message))));
        state.suspension().ifPresent(waits -> bodies.add(travelled(state, waits)));
        state.end().ifPresent(bodies::add);
        return bodies;
    }

    /**
     * What a run waits for, as its new home has to know it. The number of signals seen belongs to the old inbox, and the new
     * one is empty: where one came since, any number is more than was seen, in the head as in whatever repairs it.
     */
    private static EntryBody.Suspension travelled(ResumeState state, EntryBody.Suspension waits) {
        boolean woken = state.messages().size() > waits.signalsSeen();
        return EntryBody.Suspension.of(waits.awaits(), waits.due(), woken ? -1 : 0);
    }

    private static void addSteps(List<EntryBody> bodies, List<StepRecord> steps) {
        List<StepRecord> page = new ArrayList<>();
        int bytes = 0;
        for (StepRecord step : steps) {
            int size = dev.cairn.internal.RecordJson.outcome(step.outcome()).size();
            if (!page.isEmpty() && (page.size() == STEPS_A_PAGE || bytes + size > PAGE_BYTES)) {
                bodies.add(new EntryBody.Steps(page));
                page = new ArrayList<>();
                bytes = 0;
            }
            page.add(step);
            bytes += size;
        }
        if (!page.isEmpty()) {
            bodies.add(new EntryBody.Steps(page));
        }
    }

    /** The head of a run as the state says, without a lease. */
    private static HeadChange.Builder arrived(ResumeState state) {
        if (state.end().isPresent()) {
            return HeadChange.ended(state.end().get().status());
        }
        if (state.suspension().isPresent()) {
            EntryBody.Suspension waits = travelled(state, state.suspension().get());
            return HeadChange.suspended(
                    waits.awaits(), waits.due().map(Due::at).orElse(Due.never()), waits.signalsSeen());
        }
        if (state.status() == RunStatus.BLOCKED) {
            return HeadChange.blocked(
                    "it was blocked when it was saved; mend the cause and resume the run", Due.never());
        }
        return HeadChange.ready(Due.now());
    }

    Acquired acquireAt(ResumeState expected) {
        Condition condition = Condition.openOrEnded().at(expected.revision()).build();
        Acquired answer = acquire(expected.id(), new Acquire.Take(condition));
        if (answer instanceof Granted granted) {
            checkHere(granted, expected);
        }
        return answer;
    }

    /**
     * Checks that a run has not left for another store: then it is its mover's, who may not have released it there.
     *
     * @throws NotPossibleException if it has; its lease is given back
     */
    private void checkHere(Granted granted, ResumeState expected) {
        Optional<String> where =
                Optional.of(granted.page().head()).filter(Head::isMoved).map(Head::reason);
        boolean inDoubt = where.isEmpty() && expected.status() == RunStatus.CANCELLED;
        if (inDoubt && !granted.page().head().status().isTerminal()) {
            // Cut between the entry and the head, the journal alone says so.
            where = RunCommits.load(connection, expected.id()).flatMap(RunRecord::movedTo);
        }
        if (where.isPresent()) {
            connection
                    .repeats()
                    .untilKnown(() -> connection
                            .store()
                            .settle(Settle.of(
                                    granted.lease(), HeadChange.freed().build())));
            throw RunRefusals.moved(expected.id(), where.get());
        }
    }

    Acquired acquire(String runId, Acquire.Target target) {
        Acquire request = new Acquire(
                runId, LeaseId.random(), connection.settings().leaseTtl(), target, connection.grant(null, null));
        return connection.repeats().untilKnown(() -> connection.store().acquire(request));
    }

    /** The commits of an operation: nobody renews its lease but itself, between two pages. */
    RunCommits commits(Granted granted, HolderClock.Mark firstSent, RunRecord record) {
        return commits(granted, firstSent, record, granted.lease());
    }

    private RunCommits commits(Granted granted, HolderClock.Mark firstSent, RunRecord record, Lease renewed) {
        HolderClock clock = connection.settings().clock();
        HeldLease held = new HeldLease(clock, firstSent, connection.settings().leaseTtl(), granted);
        return new RunCommits(connection, held, record, () -> {
            HolderClock.Mark sent = clock.now();
            Renewal renewal =
                    new Renewal(renewed, held.ttl(), granted.page().head().progress());
            Renewed answer = connection
                    .repeats()
                    .untilDone(() -> connection.store().renew(List.of(renewal)))
                    .get(0);
            if (!(answer instanceof Renewed.Held left)) {
                throw new RunStopped(
                        StopReason.LEASE_LOST,
                        "the lease of run " + renewed.runId() + " was lost to somebody else",
                        null);
            }
            held.renewed(sent, left.timeLeft());
        });
    }

    /** Changes the head, or lets the lease run out and says why the run is not as expected (protocol R3, R4). */
    void settleOrConflict(Granted granted, HeadChange change) {
        Settled answer =
                connection.repeats().untilKnown(() -> connection.store().settle(Settle.of(granted.lease(), change)));
        if (answer instanceof Settled.Done || isDone(granted, answer, change)) {
            return;
        }
        connection
                .repeats()
                .untilKnown(() -> connection
                        .store()
                        .settle(Settle.of(granted.lease(), HeadChange.expired().build())));
        throw new ConflictException("run " + granted.lease().runId()
                + (answer instanceof Settled.Signalled
                        ? " got a signal since it was read; read it again and decide again"
                        : " was taken over meanwhile; it is as the other one leaves it. Look again"));
    }

    /** A settle whose reply was lost and that is sent again finds its lease gone, and the head as it wanted it. */
    private static boolean isDone(Granted granted, Settled answer, HeadChange change) {
        if (!(answer instanceof Settled.Lost lost) || lost.head().isEmpty()) {
            return false;
        }
        Head head = lost.head().get();
        boolean switched = change.switchTo().filter(head.incarnation()::equals).isPresent();
        // Nobody but its holder ends an arrival without giving it another incarnation (protocol R7).
        boolean arrived = granted.page().head().status() == RunStatus.ARRIVING
                && head.status() != RunStatus.ARRIVING
                && head.incarnation().equals(granted.lease().incarnation());
        return switched
                || arrived
                || (change.status().filter(RunStatus.GONE::equals).isPresent() && head.status() == RunStatus.GONE);
    }
}
