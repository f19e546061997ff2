// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Manages runs. Every method can be repeated, and finishes what an earlier try left. Safe for use by many threads. Beside
 * what is said below, each throws what a store throws.
 */
public final class Runs {
    private static final int TRIES = 5;

    private final Connection connection;
    private final Restores restores;

    Runs(Connection connection) {
        this.connection = connection;
        this.restores = new Restores(connection);
    }

    /**
     * Lists runs, newest creation first.
     *
     * @throws IllegalArgumentException if the page token is damaged, or of another namespace or query
     */
    public RunList list(RunQuery query) {
        RunPage page = connection.repeats().untilKnown(() -> connection.store().list(query));
        return new RunList(page.runs().stream().map(RunSummary::of).toList(), page.next());
    }

    /** Reads a run; empty if there is none, or it is only arriving. */
    public Optional<ResumeState> read(String runId) {
        return RunCommits.load(connection, Names.check("run id", runId))
                .filter(record -> record.head().status() != RunStatus.ARRIVING
                        && !record.fold().isStripped())
                .map(record ->
                        record.state(record.head().labels(), record.head().progress()));
    }

    /**
     * Takes a saved state into the store as a new run, in the status it had; nobody runs it before it is complete.
     *
     * @throws RunExistsException if the run exists; it is unchanged
     */
    public void save(ResumeState state) {
        restores.create(state);
    }

    /**
     * Puts a saved state in the place of a run that is as expected.
     *
     * @param expected what was read of the run
     * @throws ConflictException if it is not as expected any more; it is unchanged
     * @throws RunHeldException if somebody holds it; it is unchanged
     * @throws NoSuchRunException if there is no such run; nothing was written
     * @throws NotPossibleException if it has left for another store by a move that was cut; it is unchanged
     */
    public void replace(ResumeState state, ResumeState expected) {
        restores.replace(state, expected);
    }

    /**
     * Moves a run, open or ended, to another store, whose namespace becomes its own: steps, attempts, history, signals,
     * labels, progress, what it waits for and its idempotency keys go with it, and tokens go on rising. Here it is deleted.
     * Due times stay the same instants, by the other store's clock. At every moment it can be run in one of the two stores
     * at most. A move that was cut is finished, or begun anew, by the same call, from any process; until then a run that has
     * left is listed here as cancelled with the reason where it went, and is neither deleted nor purged.
     *
     * @param target where it goes; not closed
     * @return whether it was moved by this call; false if it is not here and in the target already
     * @throws NoSuchRunException if it is in neither; nothing was written
     * @throws RunHeldException if somebody holds it, here or what arrives there; it is unchanged
     * @throws RunExistsException if the target has a run of this id; both are unchanged
     * @throws ConflictException if it was taken over meanwhile, and is as the other one leaves it; or if it left for another
     *     store than this target, and is unchanged
     * @throws PayloadTooLargeException if the target's limits are too low for it; it is unchanged, nothing was written there
     * @throws IllegalArgumentException if the target is where it is, or keeps fences too short for the lease; it is unchanged
     */
    public boolean move(String runId, StateStore target) {
        Names.check("run id", runId);
        if (target == connection.store()) {
            throw new IllegalArgumentException("run " + runId + " cannot be moved to the store that it is in");
        }
        Connection there = Connection.to(target, connection.payloads().codec(), connection.settings());
        return new Move(connection, restores, there).run(runId);
    }

    /**
     * Deletes a run as it is now. It is gone from every read at once; its fences go with a purge after the fence time.
     *
     * @return whether there was such a run
     * @throws RunHeldException if somebody holds it; it is unchanged
     * @throws NotPossibleException if it has left for another store by a move that was cut; it is unchanged
     */
    public boolean delete(String runId) {
        for (int tries = 1; ; tries++) {
            Optional<ResumeState> found = read(runId);
            if (found.isEmpty()) {
                return false;
            }
            try {
                return delete(found.get());
            } catch (ConflictException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Deletes a run if it is as expected.
     *
     * @param expected what was read of it
     * @return whether there was such a run
     * @throws ConflictException if it is not as expected any more; it is unchanged
     * @throws RunHeldException if somebody holds it; it is unchanged
     * @throws NotPossibleException if it has left for another store by a move that was cut; it is unchanged
     */
    public boolean delete(ResumeState expected) {
        Acquired answer = restores.acquireAt(expected);
        if (answer instanceof Refused refused) {
            if (refused.reason() == Refused.Reason.ABSENT) {
                return false;
            }
            throw RunRefusals.of(expected.id(), refused, null, Duration.ZERO);
        }
        Granted granted = (Granted) answer;
        restores.settleOrConflict(granted, HeadChange.gone(expected.signals()).build());
        connection
                .repeats()
                .afterwards(() -> connection
                        .store()
                        .erase(List.of(new Erase.Leftover(
                                expected.id(), granted.lease().incarnation()))));
        return true;
    }

    /**
     * Removes runs that ended so long ago, and what fences were kept for longer than the fence time.
     *
     * @param age since the last transition, by the store's clock: 0 to 36,500 days
     * @param limit the most runs to remove, 1 to 1,000
     */
    public Purged purge(Duration age, int limit) {
        return new Purge(connection, restores).run(age, limit);
    }

    /**
     * Cancels a run, also one that somebody runs: their next step is refused.
     *
     * @return how the run ended: cancelled, or as it had ended before
     * @throws NoSuchRunException if there is no such run
     * @throws NotPossibleException if it has left for another store by a move that was cut; it is unchanged
     */
    public RunStatus cancel(String runId) {
        Condition.Builder open = Condition.open().over(Condition.Over.LIVE);
        for (int tries = 1; ; tries++) {
            HolderClock.Mark sent = connection.settings().clock().now();
            Acquired answer = acquire(runId, open);
            if (answer instanceof Refused refused && refused.reason() == Refused.Reason.ENDED) {
                Head head = refused.head().orElseThrow();
                RunRefusals.throwIfMoved(head);
                return head.status();
            }
            Operation operation = begin(runId, sent, answer);
            try {
                EntryBody.End end = new EntryBody.End(RunStatus.CANCELLED, new StepOutcome.Nothing(), "");
                operation
                        .commits()
                        .settle(end, HeadChange.ended(RunStatus.CANCELLED).build());
                return RunStatus.CANCELLED;
            } catch (RunStopped lost) {
                // Somebody took the run over or ended it meanwhile: look again.
                operation.throwUnlessLost(lost, tries < TRIES);
            }
        }
    }

    /**
     * Forgets a step and all after it, in the order of the code: their bodies run again, with new idempotency keys. What is
     * removed stays in the history. A failed run is reopened by it.
     *
     * @throws NotPossibleException if the run has completed or was cancelled, or the step is not recorded; it is unchanged
     * @throws RunHeldException if somebody holds it; it is unchanged
     * @throws NoSuchRunException if there is no such run
     */
    public void forget(String runId, String key) {
        ResumeState state = read(runId).orElseThrow(() -> RunRefusals.absent(runId));
        if (!state.isStepComplete(Names.check("step key", key))) {
            throw new NotPossibleException("run " + runId + " has no recorded step " + key + "; recorded are "
                    + state.steps().stream().map(step -> step.key()).limit(20).toList());
        }
        Condition.Builder condition = state.status() == RunStatus.FAILED ? Condition.failed() : Condition.open();
        HolderClock.Mark sent = connection.settings().clock().now();
        Operation operation = begin(runId, sent, acquire(runId, condition.at(state.revision())));
        operation.forget(operation.record().from(key));
    }

    /** Reopens a failed run at the step that ended it. One that an earlier try reopened, and no more, is gone on with. */
    void reopen(String runId, WorkflowVersions versions) {
        HolderClock.Mark sent = connection.settings().clock().now();
        Acquired answer = acquire(runId, Condition.failed().of(versions));
        if (answer instanceof Refused refused && refused.reason() == Refused.Reason.ENDED) {
            Optional<Revision> half = RunCommits.load(connection, runId)
                    .filter(record -> record.reopened().isPresent())
                    .map(record -> record.fold().revision());
            if (half.isPresent()) {
                sent = connection.settings().clock().now();
                answer = acquire(runId, Condition.open().of(versions).at(half.get()));
            }
        }
        Operation operation = begin(runId, sent, answer);
        String step = operation.record().reopened().map(EntryBody.End::step).orElse("");
        operation.forget(step.isEmpty() ? List.of() : operation.record().from(step));
    }

    /**
     * Sends a signal to a run.
     *
     * @param signalId delivered once, however often it is sent
     * @param name what the run waits for
     * @param payload written as JSON by the codec
     */
    public Signalled signal(String runId, String signalId, String name, @Nullable Object payload) {
        Bytes json = connection.payloads().codec().encode(payload, TypeRef.of(Object.class));
        if (json.size() > connection.limits().payloadBytes()) {
            throw new PayloadTooLargeException("signal " + signalId + " to run " + runId + " has " + json.size()
                    + " bytes, the limit is " + connection.limits().payloadBytes() + "; send a reference instead");
        }
        Message message = new Message(signalId, name, json);
        return connection.repeats().untilDone(() -> connection.store().signal(runId, message));
    }

    /** Creates a run that nobody runs yet, unless it exists with the same input. */
    <I extends @Nullable Object> void create(NewRun run, String runId, RunInput<I> input) {
        HolderClock.Mark sent = connection.settings().clock().now();
        Acquired answer = restores.acquire(runId, new Acquire.Create(run));
        if (answer instanceof Granted granted) {
            begin(runId, sent, granted).forget(List.of());
            return;
        }
        Refused refused = (Refused) answer;
        ResumeState there = read(runId).orElseThrow(() -> RunRefusals.of(runId, refused, null, Duration.ZERO));
        if (!there.workflow().equals(run.workflow())) {
            throw new DifferentWorkflowException("run " + runId + " belongs to workflow \"" + there.workflow()
                    + "\", asked for was \"" + run.workflow() + "\"; use another run id");
        }
        input.checkSameAs(connection.payloads(), there.input());
    }

    private Acquired acquire(String runId, Condition.Builder condition) {
        return restores.acquire(Names.check("run id", runId), new Acquire.Take(condition.build()));
    }

    /** An operation on a run that was acquired. */
    private Operation begin(String runId, HolderClock.Mark sent, Acquired answer) {
        if (answer instanceof Refused refused) {
            throw RunRefusals.of(runId, refused, null, Duration.ZERO);
        }
        Granted granted = (Granted) answer;
        RunRecord record = new RunRecord(granted.page().head());
        if (!RunCommits.addAll(connection, record, granted.page())) {
            throw new ConflictException("run " + runId + " was replaced meanwhile; look again");
        }
        return new Operation(record, restores.commits(granted, sent, record));
    }

    private record Operation(RunRecord record, RunCommits commits) {
        /** Forgets steps, if any, and makes the run ready. */
        private void forget(List<String> keys) {
            HeadChange ready = HeadChange.ready(Due.now()).build();
            try {
                if (keys.isEmpty()) {
                    commits.release(ready);
                } else {
                    commits.settle(new EntryBody.Forgotten(keys), ready);
                }
            } catch (RunStopped lost) {
                throwUnlessLost(lost, false);
            }
        }

        private void throwUnlessLost(RunStopped stop, boolean again) {
            if (stop.reason() == StopReason.STORE && stop.getCause() instanceof CairnException cause) {
                throw cause;
            }
            if (!again) {
                throw new ConflictException("run " + record.head().runId()
                        + " was taken over meanwhile; it is as the other one leaves it. Look again");
            }
        }
    }
}
