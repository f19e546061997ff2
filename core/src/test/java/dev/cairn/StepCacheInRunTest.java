// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cache.StepCache;
import dev.cairn.error.CodecException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.state.Bytes;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that takes part in a cache: a hit is recorded, and replay reads the record only. */
class StepCacheInRunTest {
    private final LocalRuns runs = new LocalRuns();
    private final StepCache cache = runs.cairn.stepCache("prices").build();
    private final StepOptions cached = StepOptions.none().cachedIn(cache);

    @AfterEach
    void close() {
        runs.close();
    }

    private WorkflowBody<Void, Void> pricing(List<Object> seen) {
        return (run, none) -> {
            seen.add(run.step("price", Integer.class, cached, runs.returns(42)));
            throw new IOException("again");
        };
    }

    @Test
    @DisplayName("RUN-15 a hit runs no body and is recorded in the journal, marked as cached")
    void hitIsRecorded() {
        List<Object> seen = new ArrayList<>();

        runs.execute("one", pricing(seen));
        runs.execute("two", pricing(seen));

        assertThat(seen).containsExactly(42, 42);
        assertThat(runs.ran).containsExactly("price");
        StepRecord first = runs.state("one").step("price").orElseThrow();
        StepRecord second = runs.state("two").step("price").orElseThrow();
        assertThat(first.source()).isEqualTo(StepRecord.Source.BODY);
        assertThat(second.source()).isEqualTo(StepRecord.Source.CACHE);
        assertThat(second.outcome()).isEqualTo(first.outcome());
    }

    @Test
    @DisplayName("RUN-15 replay does not look at the cache, whatever it holds by then")
    void replayDoesNotLookAtTheCache() {
        List<Object> seen = new ArrayList<>();
        runs.execute("one", pricing(seen));
        cache.put("price", new StepOutcome.Value(Bytes.utf8("7")));
        runs.store.takeRequests();

        runs.execute("one", pricing(seen));

        assertThat(seen).containsExactly(42, 42);
        assertThat(runs.store.takeRequests()).containsExactly("acquire", "settle");
    }

    @Test
    @DisplayName("RUN-15 a failure is cached like a value, equal, until its key is deleted")
    void failureIsCached() {
        List<StepFailedException> failures = new ArrayList<>();
        WorkflowBody<Void, Void> body = (run, none) -> {
            Outcome<Integer> outcome = run.tryStep(
                    "price",
                    TypeRef.of(Integer.class),
                    cached,
                    runs.throwing(new StepFailure("GONE", "not sold", List.of(1))));
            failures.add(((Outcome.Failed<Integer>) outcome).failure());
            return null;
        };

        runs.execute("one", body);
        runs.execute("two", body);
        cache.delete("price");
        runs.execute("three", body);

        assertThat(failures.get(1).failure()).isEqualTo(failures.get(0).failure());
        assertThat(runs.ran).containsExactly("price", "price");
    }

    @Test
    @DisplayName("RUN-15 an attempt is not cached")
    void attemptIsNotCached() {
        runs.execute("one", (run, none) -> run.step("price", Void.class, cached, runs.throwing(new IOException())));

        assertThat(cache.get("price")).isEmpty();
        assertThat(runs.state("one").attempts("price").count()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "RUN-15 a workflow's cache holds for every step, void ones and members of groups too; a step's own goes first")
    void workflowCacheHoldsForEveryStep() {
        StepCache own = StepCache.inMemory().build();
        Workflow<Void, Void> workflow = Workflow.named("wf").cachedIn(cache).define((run, none) -> {
            run.step("void", step -> runs.ran.add("void"));
            run.parallel(group -> group.step("member", String.class, runs.returns("m")));
            run.step("own", String.class, StepOptions.none().cachedIn(own), runs.returns("o"));
            return null;
        });

        runs.cairn.run(workflow, "one", null);
        runs.cairn.run(workflow, "two", null);

        assertThat(runs.ran).containsExactly("void", "member", "own");
        assertThat(runs.state("two").steps()).allMatch(step -> step.source() == StepRecord.Source.CACHE);
        assertThat(cache.get("own")).isEmpty();
        assertThat(own.get("own")).isPresent();
        assertThat(cache.get("void")).contains(new StepOutcome.Nothing());
    }

    static List<RuntimeException> cacheFailures() {
        return List.of(
                new StoreUnavailableException("away"),
                new OutcomeUnknownException("lost"),
                new PayloadTooLargeException("large"),
                new CorruptException("torn"));
    }

    @ParameterizedTest
    @MethodSource("cacheFailures")
    @DisplayName("RUN-15 where the body ran and the cache then fails, its outcome is recorded in the run all the same")
    void outcomeIsRecordedWithoutTheCache(RuntimeException failure) {
        List<Object> seen = new ArrayList<>();
        StepOptions inStore =
                StepOptions.none().cachedIn(StepCache.in(runs.store, "failing").build());
        runs.store.failCachePuts(() -> failure);
        WorkflowBody<Void, Void> body = (run, none) -> {
            seen.add(run.step("price", Integer.class, inStore, runs.returns(42)));
            return null;
        };

        RunResult<?> result = runs.execute("r", body);

        assertThat(result).isInstanceOf(RunResult.Completed.class);
        assertThat(seen).containsExactly(42);
        assertThat(runs.ran).containsExactly("price");
        assertThat(runs.state("r").step("price").orElseThrow().source()).isEqualTo(StepRecord.Source.BODY);
    }

    @Test
    @DisplayName(
            "RUN-15 where the cache cannot be read before the body runs, that is an attempt and no exception of the workflow")
    void unreadableCacheIsAnAttempt() {
        StepCache closed = StepCache.in(runs.storage.reopened(), "x").build();
        dev.cairn.memory.InMemoryStateStore other = runs.storage.reopened();
        StepCache gone = StepCache.in(other, "x").build();
        other.close();
        List<Exception> seenByWorkflow = new ArrayList<>();

        RunResult<?> result = runs.execute("r", (run, none) -> {
            try {
                return run.step("price", Void.class, StepOptions.none().cachedIn(gone), runs.returns(null));
            } catch (Exception e) {
                seenByWorkflow.add(e);
                throw e;
            }
        });

        assertThat(result).isInstanceOf(RunResult.Interrupted.class);
        assertThat(seenByWorkflow).isEmpty();
        assertThat(runs.ran).isEmpty();
        assertThat(closed.get("price")).isEmpty();
    }

    @Test
    @DisplayName("RUN-15 a cached outcome of another type is refused and not recorded")
    void cachedOutcomeOfAnotherTypeIsRefused() {
        cache.put("price", new StepOutcome.Value(Bytes.utf8("\"4111-secret\"")));

        RunResult<?> result = runs.execute("r", pricing(new ArrayList<>()));

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Blocked.class,
                        blocked -> assertThat(blocked.cause())
                                .isInstanceOf(CodecException.class)
                                .hasMessageContainingAll("step price of run r", "java.lang.Integer")
                                .message()
                                .doesNotContain("4111"));
        assertThat(runs.stored("r").record()).isEmpty();
    }
}
