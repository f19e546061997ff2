// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import static dev.cairn.cache.Outcomes.failed;
import static dev.cairn.cache.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.cache.StepCache.Found;
import dev.cairn.cache.StepCache.Origin;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.state.StepOutcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single flight, and what many threads see. */
@Timeout(60)
class StepCacheLoadTest {
    private static final int THREADS = 32;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final StepCache cache = StepCache.inMemory().build();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    @DisplayName("CACHE-02 of 32 threads that ask for a missing key one runs the loader and all get its outcome")
    void oneThreadLoads() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        AtomicInteger loads = new AtomicInteger();

        List<Future<Found>> asked = submit(THREADS, () -> {
            start.await();
            return cache.getOrRun("step", () -> {
                awaitWaiting(cache, THREADS - 1);
                return value(loads.incrementAndGet());
            });
        });

        List<Found> found = results(asked);
        assertThat(loads).hasValue(1);
        assertThat(found).extracting(Found::outcome).containsOnly(value(1));
        assertThat(found).extracting(Found::origin).containsOnlyOnce(Origin.LOADED);
        assertThat(cache.get("step")).contains(value(1));
        assertThat(cache.waiting()).isZero();
    }

    @Test
    @DisplayName("CACHE-02 a thread that comes when a load has just ended does not load again")
    void nobodyLoadsAgain() throws Exception {
        for (int i = 0; i < 500; i++) {
            String key = "step" + i;
            CyclicBarrier start = new CyclicBarrier(4);
            AtomicInteger loads = new AtomicInteger();

            List<Future<Found>> asked = submit(4, () -> {
                start.await();
                return cache.getOrRun(key, () -> value(loads.incrementAndGet()));
            });

            assertThat(results(asked)).extracting(Found::outcome).containsOnly(value(1));
            assertThat(loads).as(key).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "store"})
    @DisplayName("CACHE-02 of simultaneous first writers exactly one wins and all are told which")
    void oneWriterWins(String where) throws Exception {
        InMemoryStateStore store = InMemoryStateStore.open();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        AtomicInteger number = new AtomicInteger();

        List<Future<StepOutcome>> written = submit(THREADS, () -> {
            StepCache mine = where.equals("memory")
                    ? cache
                    : StepCache.in(store.reopened(), "prices").build();
            StepOutcome outcome = value(number.incrementAndGet());
            start.await();
            return mine.putIfAbsent("step", outcome);
        });

        StepCache shared =
                where.equals("memory") ? cache : StepCache.in(store, "prices").build();
        assertThat(results(written)).containsOnly(shared.get("step").orElseThrow());
    }

    @Test
    @DisplayName("CACHE-01 a hit is told from a load, and a failure that was cached is a hit")
    void hitIsToldFromLoad() throws Exception {
        Found first = cache.getOrRun("step", () -> failed("declined"));
        Found second = cache.getOrRun("step", () -> value(2));

        assertThat(first).isEqualTo(new Found(failed("declined"), Origin.LOADED));
        assertThat(second).isEqualTo(new Found(failed("declined"), Origin.CACHE));
    }

    @Test
    @DisplayName(
            "CACHE-02 a loader that lost against another process gets the winner's outcome, and nobody hears of its own")
    void loserGetsTheWinnersOutcome() throws Exception {
        InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());
        StepCache mine = StepCache.in(store, "prices").build();
        StepCache theirs = StepCache.in(store.reopened(), "prices").build();

        Found found = mine.getOrRun("step", () -> {
            theirs.put("step", value("\"theirs\""));
            return value("\"mine\"");
        });

        assertThat(found).isEqualTo(new Found(value("\"theirs\""), Origin.CACHE));
        assertThat(mine.get("step")).contains(value("\"theirs\""));
    }

    @Test
    @DisplayName("CACHE-02 a loader that throws fails its own caller only, and the next who waits loads")
    void nextWaiterLoads() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        IOException fault = new IOException("no route");

        List<Future<Found>> asked = submit(
                4,
                () -> cache.getOrRun("step", () -> {
                    if (loads.incrementAndGet() == 1) {
                        awaitWaiting(cache, 3);
                        throw fault;
                    }
                    return value(loads.get());
                }));

        List<Found> found = new ArrayList<>();
        List<Throwable> thrown = settle(asked, found);
        assertThat(thrown).containsExactly(fault);
        assertThat(loads).hasValue(2);
        assertThat(found).hasSize(3).extracting(Found::outcome).containsOnly(value(2));
        assertThat(found).extracting(Found::origin).containsOnlyOnce(Origin.LOADED);
    }

    @Test
    @DisplayName(
            "CACHE-02 loaders that all throw run one at a time, each caller gets its own error, and nothing is cached")
    void failingLoadersRunOneAtATime() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger loads = new AtomicInteger();
        List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());

        List<Future<Found>> asked = submit(
                THREADS,
                () -> cache.getOrRun("step", () -> {
                    assertThat(running.incrementAndGet()).isEqualTo(1);
                    faults.add(new LinkageError("fault " + loads.incrementAndGet()));
                    running.decrementAndGet();
                    throw (LinkageError) faults.get(loads.get() - 1);
                }));

        assertThat(settle(asked, new ArrayList<>()))
                .containsExactlyInAnyOrderElementsOf(faults)
                .hasSize(THREADS);
        assertThat(cache.get("step")).isEmpty();
    }

    @Test
    @DisplayName("CACHE-02 a thread that is interrupted while it waits stops waiting, and the load goes on")
    void interruptedWaiterStops() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<Found> loader = threads.submit(() -> cache.getOrRun("step", () -> {
            loading.countDown();
            interrupted.await();
            return value(1);
        }));
        loading.await();

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> cache.getOrRun("step", () -> value(2))).isInstanceOf(InterruptedException.class);
        assertThat(cache.waiting()).isZero();
        interrupted.countDown();

        assertThat(loader.get()).isEqualTo(new Found(value(1), Origin.LOADED));
        assertThat(cache.getOrRun("step", () -> value(3)).outcome()).isEqualTo(value(1));
    }

    @Test
    @DisplayName("CACHE-02 a loader that asks for its own key is refused instead of waiting for itself")
    void reentrantLoaderIsRefused() throws Exception {
        assertThatThrownBy(() -> cache.getOrRun(
                        "step", () -> cache.getOrRun("step", () -> value(1)).outcome()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("step");

        assertThat(cache.get("step")).isEmpty();
        assertThat(cache.getOrRun("step", () -> value(2)).origin()).isEqualTo(Origin.LOADED);
    }

    @Test
    @DisplayName("CACHE-02 two loaders that ask for each other's keys are not left waiting")
    void circleIsRefused() throws Exception {
        CyclicBarrier bothLoading = new CyclicBarrier(2);

        List<Future<Found>> asked = List.of(
                threads.submit(() -> loadThrough("a", "b", bothLoading)),
                threads.submit(() -> loadThrough("b", "a", bothLoading)));

        List<Found> found = new ArrayList<>();
        assertThat(settle(asked, found)).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(found).hasSize(1);
        assertThat(cache.waiting()).isZero();
    }

    private Found loadThrough(String key, String other, CyclicBarrier bothLoading) throws Exception {
        return cache.getOrRun(key, () -> {
            bothLoading.await();
            return cache.getOrRun(other, () -> value("\"instead\"")).outcome();
        });
    }

    @Test
    @DisplayName("CACHE-05 who deletes a key that was just loaded and asks again gets a new load, not the old outcome")
    void deletedOutcomeIsLoadedAgain() throws Exception {
        List<Future<Found>> again = new ArrayList<>();
        AtomicReference<StepCache> stored = new AtomicReference<>();
        StateStore store = afterFirstPut(() -> {
            again.add(threads.submit(() -> {
                stored.get().delete("step");
                return stored.get().getOrRun("step", () -> value("\"new\""));
            }));
            awaitWaiting(stored.get(), 1);
        });
        stored.set(StepCache.in(store, "prices").build());

        Found first = stored.get().getOrRun("step", () -> value("\"old\""));

        assertThat(first.outcome()).isEqualTo(value("\"old\""));
        assertThat(results(again)).containsExactly(new Found(value("\"new\""), Origin.LOADED));
    }

    @Test
    @DisplayName("CACHE-02 a loader that returns null is told so and nothing is cached")
    void nullIsRefused() throws Exception {
        assertThatThrownBy(() -> cache.getOrRun("step", () -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("step");

        assertThat(cache.getOrRun("step", () -> value(1)).origin()).isEqualTo(Origin.LOADED);
    }

    @Test
    @DisplayName("CACHE-02 where the store fails after the loader, its error comes out and nobody is left waiting")
    void storeFailureComesOut() throws Exception {
        StateStore store = afterFirstPut(() -> {
            throw new OutcomeUnknownException("no answer");
        });
        StepCache stored = StepCache.in(store, "prices").build();

        assertThatThrownBy(() -> stored.getOrRun("step", () -> value(1))).isInstanceOf(OutcomeUnknownException.class);

        stored.delete("step");
        assertThat(stored.getOrRun("step", () -> value(2))).isEqualTo(new Found(value(2), Origin.LOADED));
    }

    /** A store in which something happens between the first write of a cache entry and its answer. */
    private static StateStore afterFirstPut(Runnable event) {
        InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());
        AtomicInteger puts = new AtomicInteger();
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(),
                new Class<?>[] {StateStore.class, StepCacheStore.class},
                (proxy, method, arguments) -> {
                    Object answer = method.invoke(store, arguments);
                    if (method.getName().equals("cachePut") && puts.incrementAndGet() == 1) {
                        event.run();
                    }
                    return answer;
                });
    }

    private static void awaitWaiting(StepCache asked, int count) {
        while (asked.waiting() < count) {
            assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
            Thread.onSpinWait();
        }
    }

    private <T> List<Future<T>> submit(int count, Callable<T> call) {
        List<Future<T>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(threads.submit(call));
        }
        return all;
    }

    private static <T> List<T> results(List<Future<T>> all) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> one : all) {
            results.add(one.get());
        }
        return results;
    }

    /** Adds what came out and returns what was thrown. */
    private static <T> List<Throwable> settle(List<Future<T>> all, List<T> results) throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        for (Future<T> one : all) {
            try {
                results.add(one.get());
            } catch (ExecutionException e) {
                thrown.add(e.getCause());
            }
        }
        return thrown;
    }
}
