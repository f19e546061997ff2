// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.cache.StepCache;
import dev.cairn.error.CodecException;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One question for a step, on its way from the question to its recorded outcome.
 *
 * @param <T> the step's value
 */
final class StepCall<T extends @Nullable Object> implements Step {
    static final String MDC_STEP = "cairn.step";
    private static final Logger LOG = LoggerFactory.getLogger(StepCall.class);

    private final RunExecution execution;
    private final Spot spot;
    private final TypeRef<T> type;
    private final ErrorRules errors;
    private final @Nullable StepCache cache;
    private final StepBody<T> body;

    /** Which step is asked for, and where in the order of the code. */
    record Spot(String key, int position, StepRecord.Grouping grouping) {}

    StepCall(
            RunExecution execution,
            Spot spot,
            TypeRef<T> type,
            ErrorRules errors,
            @Nullable StepCache cache,
            StepBody<T> body) {
        this.execution = execution;
        this.spot = spot;
        this.type = type;
        this.errors = errors;
        this.cache = cache;
        this.body = body;
    }

    Spot spot() {
        return spot;
    }

    /** The outcome as it is recorded. */
    Outcome<T> replayed(StepRecord recorded) {
        return decoded(recorded.outcome());
    }

    private Outcome<T> decoded(StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Failed failed) {
            return new Outcome.Failed<>(execution.connection().failed(spot.key(), failed.failure()));
        }
        if (outcome instanceof StepOutcome.Nothing) {
            return nothing();
        }
        if (outcome instanceof StepOutcome.Value value) {
            try {
                return new Outcome.Succeeded<>(
                        execution.connection().payloads().decode(this::value, value.json(), type));
            } catch (CodecException e) {
                throw execution.refuse(e);
            }
        }
        throw new AssertionError(outcome);
    }

    @SuppressWarnings({"NullAway", "unchecked"
    }) // a step that returns nothing is declared with a type that has only null
    private Outcome<T> nothing() {
        return new Outcome.Succeeded<>((T) null);
    }

    /** Runs the body, or takes the outcome from the cache, and records it. */
    Outcome<T> run() throws AttemptFailed {
        Instant at = execution.lease().storeNow();
        HolderClock clock = execution.connection().settings().clock();
        HolderClock.Mark begun = clock.now();
        if (cache == null) {
            Done<T> done = runBody();
            execution.commit(this, StepRecord.Source.BODY, at, millis(clock.since(begun)), done.outcome());
            return done.answer();
        }
        StepCache.Found found = cachedOrRun(cache);
        StepRecord.Source source =
                found.origin() == StepCache.Origin.CACHE ? StepRecord.Source.CACHE : StepRecord.Source.BODY;
        // First what may be refused: an outcome of another type in the cache must not get into the record.
        Outcome<T> answer = decoded(found.outcome());
        execution.commit(this, source, at, millis(clock.since(begun)), found.outcome());
        return answer;
    }

    private StepCache.Found cachedOrRun(StepCache from) throws AttemptFailed {
        AtomicReference<@Nullable StepOutcome> ran = new AtomicReference<>();
        try {
            return from.getOrRun(spot.key(), () -> {
                StepOutcome outcome = runBody().outcome();
                ran.set(outcome);
                return outcome;
            });
        } catch (AttemptFailed e) {
            throw e;
        } catch (Exception e) {
            // The cache's own: what the body threw is an outcome or an attempt by now.
            StepOutcome outcome = ran.get();
            if (outcome == null) {
                throw new AttemptFailed(e);
            }
            LOG.warn("{} ran, but its cache cannot be written; the outcome is recorded in the run alone", what(), e);
            return new StepCache.Found(outcome, StepCache.Origin.LOADED);
        }
    }

    private static Duration millis(Duration exact) {
        return Duration.ofMillis(exact.toMillis());
    }

    /** What the body ended with, as it will be recorded and as the workflow will see it. */
    private record Done<T extends @Nullable Object>(StepOutcome outcome, Outcome<T> answer) {}

    private Done<T> runBody() throws AttemptFailed {
        execution.throwIfStopped();
        execution.tell(listener -> listener.stepStarted(execution.id(), spot.key()));
        // After the listener, which may take its time (contract RUN-18).
        execution.ensureMargin();
        T value;
        String outer = MDC.get(MDC_STEP);
        MDC.put(MDC_STEP, spot.key());
        try {
            value = body.run(this);
        } catch (RunStopped stop) {
            throw stop;
        } catch (Throwable thrown) {
            return failed(thrown);
        } finally {
            restore(outer);
        }
        if (type.type() == Void.class) {
            return new Done<>(new StepOutcome.Nothing(), nothing());
        }
        Payloads.Recorded<T> recorded = execution.roundTrip(this::value, value, type);
        return new Done<>(new StepOutcome.Value(recorded.json()), new Outcome.Succeeded<>(recorded.value()));
    }

    /** A body may have been inside another run's body. */
    private static void restore(@Nullable String outer) {
        if (outer == null) {
            MDC.remove(MDC_STEP);
        } else {
            MDC.put(MDC_STEP, outer);
        }
    }

    private Done<T> failed(Throwable thrown) throws AttemptFailed {
        if (thrown instanceof StepMisuse misuse) {
            throw execution.refuse(misuse.asRefusal());
        }
        execution.tell(listener -> listener.stepFailed(execution.id(), spot.key(), thrown));
        if (!errors.records(thrown)) {
            throw new AttemptFailed(thrown);
        }
        StepOutcome.Failed outcome =
                new StepOutcome.Failed(execution.connection().failures().of(thrown));
        return new Done<>(outcome, new Outcome.Failed<>(execution.connection().failed(spot.key(), outcome.failure())));
    }

    private String value() {
        return "the value of " + what();
    }

    private String what() {
        return "step " + spot.key() + " of run " + execution.id();
    }

    @Override
    public String key() {
        return spot.key();
    }

    @Override
    public String idempotencyKey() {
        return IdempotencyKeys.of(
                execution.record().origin().scope(),
                spot.key(),
                execution.record().round(spot.key()));
    }

    @Override
    public long attempt() {
        return execution.record().attempts(spot.key()) + 1;
    }

    @Override
    public long fencingToken() {
        return execution.lease().lease().token();
    }
}
