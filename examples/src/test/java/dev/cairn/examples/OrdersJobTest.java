// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.StepFailure;
import dev.cairn.memory.InMemoryStateStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OrdersJobTest {
    private static final List<Order> ORDERS =
            List.of(new Order(1, "ALDER", 2, 100), new Order(2, "BIRCH", 1, 250), new Order(3, "CEDAR", 3, 300));

    private final InMemoryStateStore store = InMemoryStateStore.open();
    private final StepCounter steps = new StepCounter();
    private final AtomicInteger ended = new AtomicInteger();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    @DisplayName("an order that somebody else holds comes again when the others are done")
    void heldOrderComesAgain() throws Exception {
        CountDownLatch charging = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(2);
        Bank slow = (order, key) -> {
            charging.countDown();
            await(others);
            return new Receipt(1, order.amountCents());
        };
        Bank quick = (order, key) -> {
            others.countDown();
            return new Receipt(1, order.amountCents());
        };

        try (Cairn holder = cairn(new StepCounter());
                Cairn mine = cairn(steps)) {
            CompletableFuture<String> held =
                    CompletableFuture.supplyAsync(() -> holder.run(OrderWorkflow.with(slow), "order-1", ORDERS.get(0)));
            await(charging);
            List<String> problems = job(mine, quick, Duration.ofSeconds(10)).run(ORDERS);

            assertThat(held.get(60, TimeUnit.SECONDS)).isEqualTo("courier 2, parcel 1 from shelf 1");
            assertThat(problems).isEmpty();
            assertThat(steps.run()).isEqualTo(8);
            assertThat(ended).hasValue(3);
        }
    }

    @Test
    @DisplayName("the job ends when nothing has moved for two lease lengths, and says which orders are left")
    void nothingMoves() throws Exception {
        CountDownLatch charging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Bank stuck = (order, key) -> {
            charging.countDown();
            await(release);
            return new Receipt(1, order.amountCents());
        };

        try (Cairn holder = cairn(new StepCounter());
                Cairn mine = cairn(steps)) {
            CompletableFuture<String> held = CompletableFuture.supplyAsync(
                    () -> holder.run(OrderWorkflow.with(stuck), "order-1", ORDERS.get(0)));
            await(charging);
            List<String> problems = job(mine, stuck, Duration.ofMillis(200)).run(ORDERS.subList(0, 1));
            release.countDown();

            assertThat(problems)
                    .containsExactly(
                            "order-1 did not end: nothing moved for two lease lengths; run the same command again");
            assertThat(steps.run()).isZero();
            held.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("an order that fails is named, and the others complete")
    void failedOrder() throws Exception {
        Bank declining = (order, key) -> {
            if (order.id() == 2) {
                throw new StepFailure("DECLINED", "the card was declined");
            }
            return new Receipt(1, order.amountCents());
        };

        try (Cairn mine = cairn(steps)) {
            List<String> problems = job(mine, declining, Duration.ofSeconds(10)).run(ORDERS);

            assertThat(problems).containsExactly("order-2 did not complete: the card was declined");
            assertThat(ended).hasValue(3);
            assertThat(steps.run()).isEqualTo(9);
        }
    }

    @Test
    @DisplayName("a bank that cannot be reached fails no order: it is asked again under the same key")
    void unreachableBank() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        Bank shaky = (order, key) -> {
            if (down.getAndSet(false)) {
                throw new SQLException("the line is dead");
            }
            return new Receipt(1, order.amountCents());
        };

        try (Cairn mine = cairn(steps)) {
            List<String> problems = job(mine, shaky, Duration.ofSeconds(10)).run(ORDERS);

            assertThat(problems).isEmpty();
            assertThat(steps.run()).isEqualTo(13);
        }
    }

    private Cairn cairn(StepCounter counter) {
        return Cairn.builder(store).patience(Duration.ZERO).listener(counter).build();
    }

    private OrdersJob job(Cairn cairn, Bank bank, Duration lease) {
        Progress progress = new Progress() {
            @Override
            public void orderEnded() {
                ended.incrementAndGet();
            }

            @Override
            public void done() {}
        };
        return new OrdersJob(
                cairn, OrderWorkflow.with(bank), steps, new OrdersJob.Pace(lease, 1, System::nanoTime), progress);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
