// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.CodeOrder.Place;
import dev.cairn.cache.StepCache;
import dev.cairn.error.CairnException;
import dev.cairn.error.CodecException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.state.Attempt;
import dev.cairn.state.Names;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a run: the code asks, the record answers, and what it does not know is run and committed. Everything
 * that happens to a step between {@code Run.step} and the commit is here.
 */
final class RunExecution implements Run, LeaseKeeper.Kept {
    private static final TypeRef<@Nullable Void> VOID = TypeRef.of(Void.class);
    private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);
    private static final int RENEWALS = 10;

    private final Connection connection;
    private final LeaseKeeper keeper;
    private final Executor threads;
    private final HeldLease held;
    private final RunRecord record;
    private final RunCommits commits;
    private final ErrorRules errors;
    private final @Nullable StepCache workflowCache;
    private final CodeOrder order;
    private final AtomicReference<@Nullable RunStopped> stopped = new AtomicReference<>();
    private volatile String progress;
    private volatile Labels labels;
    private volatile boolean givingBack;

    RunExecution(
            Connection connection,
            LeaseKeeper keeper,
            Executor threads,
            HeldLease held,
            RunRecord record,
            Workflow<?, ?> workflow) {
        this.connection = connection;
        this.keeper = keeper;
        this.threads = threads;
        this.held = held;
        this.record = record;
        this.order = new CodeOrder(held.lease().runId(), record);
        this.commits = new RunCommits(connection, held, record, this::renew);
        this.errors = workflow.errors();
        this.workflowCache = workflow.cache().orElse(null);
        this.progress = record.head().progress();
        this.labels = record.head().labels();
    }

    @Override
    public String id() {
        return held.lease().runId();
    }

    @Override
    public <T extends @Nullable Object> T step(String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        return tryStep(key, type, options, body).get();
    }

    @Override
    @SuppressWarnings({"ConstantConditions", "NullAway"}) // callers outside null-checked code may pass a null body
    public void step(String key, VoidStepBody body) {
        StepBody<@Nullable Void> none = body == null
                ? null
                : step -> {
                    body.run(step);
                    return null;
                };
        tryStep(key, VOID, StepOptions.none(), none).get();
    }

    @Override
    public <T extends @Nullable Object> Outcome<T> tryStep(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        StepCall<T> call = ask(key, type, options, body, StepRecord.Grouping.SINGLE, Place.BETWEEN);
        order.next();
        StepRecord recorded = recorded(call);
        if (recorded != null) {
            return call.replayed(recorded);
        }
        order.enter(Place.BODY);
        try {
            return call.run();
        } catch (AttemptFailed attempt) {
            throw tried(call.key(), attempt.thrown());
        } finally {
            order.enter(Place.BETWEEN);
        }
    }

    /** Checks a question before anything is done about it. */
    <T extends @Nullable Object> StepCall<T> ask(
            String key,
            TypeRef<T> type,
            StepOptions options,
            StepBody<T> body,
            StepRecord.Grouping grouping,
            Place expected) {
        throwIfStopped();
        order.check(key, expected);
        BadStepArgument.check("step key", key);
        if (isMissing(type) || isMissing(options) || isMissing(body)) {
            throw new BadStepArgument(
                    "step " + key + " of run " + id() + " lacks its type, options or body; give all three, none null");
        }
        StepCache cache = options.cache().orElse(workflowCache);
        return new StepCall<>(this, order.ask(key, grouping), type, options.over(errors), cache, body);
    }

    @SuppressWarnings("ConstantConditions") // see its callers
    private static boolean isMissing(@Nullable Object argument) {
        return argument == null;
    }

    /** What is recorded of a step; a record that does not fit the question is a divergence. */
    @Nullable
    StepRecord recorded(StepCall<?> call) {
        StepRecord there = record.step(call.key());
        refuseIf(order.divergence(call.spot(), there));
        if (there != null) {
            tell(listener -> listener.stepReplayed(id(), call.key()));
        }
        return there;
    }

    @Override
    public void parallel(ParallelBody body) {
        throwIfStopped();
        order.check("group at position " + order.position(), Place.BETWEEN);
        order.enter(Place.GROUP);
        ParallelGroup group = new ParallelGroup(this);
        try {
            group.ask(body);
            refuseIf(order.groupDivergence());
            group.runOn(threads);
        } finally {
            order.next();
            order.enter(Place.BETWEEN);
        }
        group.throwFirstFailure();
    }

    /** Checks the question for a member of a group. */
    <T extends @Nullable Object> StepCall<T> member(
            String key, TypeRef<T> type, StepOptions options, StepBody<T> body) {
        return ask(key, type, options, body, StepRecord.Grouping.MEMBER, Place.GROUP);
    }

    /** Records an attempt and ends this execution. */
    RunStopped tried(String key, Throwable thrown) {
        throwIfStopped();
        HeadChange.Builder change = Backoff.afterAttempt(record, held.storeNow(), key, thrown);
        settle(attempt(key, thrown), with(change));
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return stop(new RunStopped(
                StopReason.ATTEMPT,
                "run " + id() + (key.isEmpty() ? "" : ", step " + key) + " will be tried again, after "
                        + thrown.getClass().getName(),
                thrown));
    }

    EntryBody.Tried attempt(String key, Throwable thrown) {
        long number = record.attempts(key) + 1;
        return new EntryBody.Tried(
                new Attempt(key, number, held.storeNow(), connection.failures().of(thrown)));
    }

    /** An attempt that is not the last word: another member of the group has one too. */
    void triedBeside(String key, Throwable thrown) {
        committing(() -> commits.write(attempt(key, thrown)));
    }

    /** Writes an entry and gives the lease back. */
    void settle(EntryBody body, HeadChange change) {
        givingBack = true;
        committing(() -> commits.settle(body, change));
    }

    /** Gives the lease back. Where the store cannot be told, it runs out by itself. */
    void release(HeadChange change) {
        givingBack = true;
        try {
            commits.release(change);
        } catch (RunStopped stop) {
            LOG.warn("run {}: its lease could not be given back and runs out by itself", id(), stop);
        }
    }

    /** Whatever keeps a commit from being acknowledged ends this execution, not only this call (contract RUN-04). */
    private void committing(Runnable commit) {
        try {
            commit.run();
        } catch (RunStopped stop) {
            throw stop(stop);
        } catch (PayloadTooLargeException tooLarge) {
            throw refuse(tooLarge);
        } catch (RuntimeException | Error broken) {
            throw stop(new RunStopped(StopReason.STORE, "a commit of run " + id() + " broke off", broken));
        }
    }

    /**
     * The code or a value does not fit the record: the run is left as it is, for a person to look at. Its lease is given back
     * when the code has ended: members of a group may still be at work.
     */
    RunStopped refuse(CairnException cause) {
        throwIfStopped();
        return stop(new RunStopped(StopReason.REFUSED, "run " + id() + " is blocked", cause));
    }

    /** Gives the lease of a refused run back. */
    void block(String reason) {
        release(with(leftAsItWas(Backoff.refused(record, held.storeNow(), reason))));
    }

    /** A refused run that this version added nothing to stays with the version that ran it before (guarantee G9). */
    HeadChange.Builder leftAsItWas(HeadChange.Builder change) {
        boolean untouched = record.grantsSinceProgress() > 0 && record.versionBefore() > 0;
        return untouched ? change.version(record.versionBefore()) : change;
    }

    HeadChange with(HeadChange.Builder change) {
        return change.labels(labels).progress(progress).build();
    }

    /** Records the outcome of a step, and hands out what is recorded. */
    void commit(StepCall<?> call, StepRecord.Source source, Instant at, Duration took, StepOutcome outcome) {
        throwIfLeaseIsGone();
        StepCall.Spot spot = call.spot();
        int round = record.round(spot.key());
        committing(() -> commits.record(
                new StepRecord(spot.key(), spot.position(), spot.grouping(), round, source, at, took, outcome)));
        if (LOG.isDebugEnabled()) {
            LOG.debug("run {} recorded step {} at position {}", id(), spot.key(), spot.position());
        }
        tell(listener -> listener.stepRecorded(id(), spot.key()));
    }

    <T extends @Nullable Object> Payloads.Recorded<T> roundTrip(Supplier<String> what, T value, TypeRef<T> type) {
        try {
            return connection.payloads().roundTrip(what, value, type);
        } catch (CodecException | PayloadTooLargeException e) {
            throw refuse(e);
        }
    }

    /** Before a body starts, a quarter of the lease is left, else it is renewed first (guarantee G2). */
    void ensureMargin() {
        throwIfStopped();
        for (int tries = 0; tries < RENEWALS; tries++) {
            if (held.hasMargin()) {
                return;
            }
            renew();
        }
        throw stop(new RunStopped(
                StopReason.STORE, "the lease of run " + id() + " was renewed too late to start a body", null));
    }

    private void renew() {
        try {
            connection.repeats().untilDone(() -> {
                keeper.renew(List.of(this));
                return true;
            });
        } catch (RuntimeException | Error e) {
            throw stop(new RunStopped(StopReason.STORE, "the lease of run " + id() + " could not be renewed", e));
        }
        throwIfLeaseIsGone();
    }

    /** While the lease is being given back, a heartbeat that finds it gone says nothing new: the settle's own answer counts. */
    @Override
    public void lost() {
        if (!givingBack) {
            stop(commits.lost());
        }
    }

    /** Ends this execution: the first reason stays. */
    RunStopped stop(RunStopped why) {
        RunStopped first = stopped.compareAndExchange(null, why);
        return first == null ? why : first;
    }

    void throwIfStopped() {
        RunStopped why = stopped.get();
        if (why != null) {
            throw why;
        }
    }

    /** A body that finishes while Cairn closes, or while another member was refused, is recorded: what it did is done. */
    private void throwIfLeaseIsGone() {
        RunStopped why = stopped.get();
        if (why != null && !why.reason().keepsLease()) {
            throw why;
        }
    }

    void returned() {
        order.enter(Place.RETURNED);
    }

    /** Which recorded steps were never asked for: at completion that is a divergence. */
    void checkAllAsked() {
        refuseIf(order.endDivergence());
    }

    private void refuseIf(String divergence) {
        if (!divergence.isEmpty()) {
            throw refuse(new DivergedException(divergence));
        }
    }

    RunCommits commits() {
        return commits;
    }

    Connection connection() {
        return connection;
    }

    RunRecord record() {
        return record;
    }

    void tell(java.util.function.Consumer<RunListener> event) {
        Listeners.tell(connection.settings().listener(), event);
    }

    @Override
    public HeldLease lease() {
        return held;
    }

    @Override
    public String currentProgress() {
        return progress;
    }

    @Override
    public void progress(String text) {
        throwIfStopped();
        progress = Names.checkText("progress", text, Names.MAX_PROGRESS_BYTES);
    }

    @Override
    public void label(String name, String value) {
        throwIfStopped();
        labels = labels.with(name, value);
    }

    @Override
    public ResumeState state() {
        throwIfStopped();
        return record.state(labels, progress);
    }
}
