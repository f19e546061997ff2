// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.error.LeaseLostException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes on one storage, and what a process does with its threads. */
@Timeout(60)
class TwoProcessesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final World world = new World();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch inBody = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicReference<@Nullable Run> execution = new AtomicReference<>();

    /** Its first step waits in its body until it may end. */
    private Workflow<@Nullable Void, String> waiting(String who) {
        return Workflow.named("waiting").output(String.class).define((run, none) -> {
            execution.set(run);
            String first = run.step("first", String.class, step -> {
                ran.add("first by " + who);
                if (who.equals("one")) {
                    inBody.countDown();
                    mayEnd.await();
                }
                return "done by " + who;
            });
            run.step("second", step -> {
                ran.add("second by " + who);
            });
            return first;
        });
    }

    private CompletableFuture<String> inBackground(Cairn cairn, String who) throws InterruptedException {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(cairn.run(waiting(who), "r", null));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        if (who.equals("one")) {
            inBody.await();
        }
        return result;
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("RUN-01 who finds a run held waits for its holder and returns the recorded result")
    void waiterGetsTheResult() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        CompletableFuture<String> one = inBackground(world.process(), "one");
        StateStore seen = new RecordingStore(world.store(), request -> refused.countDown());
        CompletableFuture<String> two =
                inBackground(world.process(seen).patience(MINUTE).build(), "two");

        refused.await();
        mayEnd.countDown();

        assertThat(one.get()).isEqualTo("done by one");
        assertThat(two.get()).isEqualTo("done by one");
        assertThat(ran).containsExactly("first by one", "second by one");
    }

    @Test
    @DisplayName(
            "RUN-04 a dead holder is taken over; back again it starts nothing, records nothing and returns the recorded result")
    void supersededHolderReturnsTheRecordedResult() throws Exception {
        CompletableFuture<String> one =
                inBackground(world.process(world.store()).patience(MINUTE).build(), "one");
        world.leasesRunOut();

        String taken = world.process().run(waiting("two"), "r", null);
        mayEnd.countDown();

        assertThat(taken).isEqualTo("done by two");
        assertThat(one.get()).isEqualTo("done by two");
        assertThat(ran).containsExactly("first by one", "first by two", "second by two");
    }

    @Test
    @DisplayName("DEL-04 a holder whose run was taken over and deleted does not bring it back")
    void deletedRunIsNotCreatedAnew() throws Exception {
        CompletableFuture<String> one = inBackground(world.process(), "one");
        world.leasesRunOut();

        world.process().runs().delete("r");
        mayEnd.countDown();

        assertThatThrownBy(one::get)
                .hasCauseInstanceOf(RunInterruptedException.class)
                .hasRootCauseInstanceOf(LeaseLostException.class);
        assertThat(world.process().runs().read("r")).isEmpty();
        assertThat(ran).containsExactly("first by one");
    }

    @Test
    @DisplayName("HB-04 heartbeats keep the lease of a long body, on one daemon thread that ends with its Cairn")
    void heartbeatsKeepTheLease() throws Exception {
        Duration lease = Duration.ofMillis(90);
        CountDownLatch renewals = new CountDownLatch(6);
        StateStore store =
                InMemoryStateStore.open(StoreOptions.builder().namespace("kept").build(), world.clock());
        StateStore seen = new RecordingStore(store, request -> {
            if (request.equals("renew")) {
                world.clock().advance(Duration.ofMillis(30));
                renewals.countDown();
            }
        });
        Cairn cairn = world.process(seen).lease(lease).build();

        CompletableFuture<String> one = inBackground(cairn, "one");
        renewals.await();

        assertThat(keepers()).singleElement().matches(Thread::isDaemon);
        assertThatThrownBy(() -> world.process(store).build().run(waiting("two"), "r", null))
                .isInstanceOf(RunHeldException.class);
        mayEnd.countDown();
        assertThat(one.get()).isEqualTo("done by one");
        cairn.close();
        assertThat(keepers()).isEmpty();
    }

    private static List<Thread> keepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cairn-heartbeat-kept"))
                .filter(Thread::isAlive)
                .toList();
    }

    @Test
    @DisplayName("HB-04 a heartbeat that keeps failing stops the run before its next body, when its margin is gone")
    void failingHeartbeatStopsTheRun() throws Exception {
        FaultyStore faulty = new FaultyStore(world.store());
        Cairn cairn = world.process(faulty).unknownLimit(Duration.ZERO).build();
        CompletableFuture<String> one = inBackground(cairn, "one");

        world.clock().advance(World.LEASE.multipliedBy(4).dividedBy(5));
        faulty.failing(FaultyStore.Fault.UNAVAILABLE, 2);
        mayEnd.countDown();

        assertThatThrownBy(one::get).hasCauseInstanceOf(RunInterruptedException.class);
        assertThat(world.recorded("r")).containsExactly("first");
        assertThat(ran).containsExactly("first by one");
    }

    @Test
    @DisplayName("LIFE-03 close waits for a running body, records it, gives the lease back and refuses new runs")
    void closeWaitsForBodies() throws Exception {
        Cairn cairn = world.process();
        CompletableFuture<String> one = inBackground(cairn, "one");
        Thread closes = new Thread(cairn::close);

        closes.start();
        until(() -> catchThrowable(() -> requireNonNull(execution.get()).state()) instanceof RunStopped);
        assertThatThrownBy(() -> cairn.submit(world.workflow(), "s", "order")).isInstanceOf(StoreClosedException.class);
        assertThat(closes.isAlive()).isTrue();
        mayEnd.countDown();
        closes.join(TimeUnit.SECONDS.toMillis(30));

        assertThatThrownBy(one::get).hasRootCauseInstanceOf(StoreClosedException.class);
        assertThat(world.recorded("r")).containsExactly("first");
        assertThat(world.status("r")).isEqualTo(RunStatus.READY);
        assertThat(world.process().recover(waiting("two"))).isEqualTo(1);
        assertThat(ran).containsExactly("first by one", "second by two");
        assertThatThrownBy(() -> cairn.run(waiting("two"), "r", null)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> cairn.recover(waiting("two"))).isInstanceOf(StoreClosedException.class);
    }
}
