// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.memory.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a holder makes of its clocks, and of the lease it counts by them. */
class LeaseTest {
    private static final Duration LONG_SLEEP = World.LEASE.multipliedBy(3);

    private final World world = new World();
    private final MovableClock wall = MovableClock.create();
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final RecordingStore store = new RecordingStore(world.store(), sent::add);
    private final Cairn cairn = world.process(store).clocks(wall, nanos::get).build();

    /** Which of the holder's clocks shows that its host slept. */
    enum Clock {
        WALL {
            @Override
            void show(LeaseTest test, Duration slept) {
                test.wall.advance(slept);
            }
        },
        MONOTONIC {
            @Override
            void show(LeaseTest test, Duration slept) {
                test.nanos.addAndGet(slept.toNanos());
            }
        };

        abstract void show(LeaseTest test, Duration slept);
    }

    private Workflow<@Nullable Void, @Nullable Void> twoSteps(Runnable inFirst, Runnable between) {
        return Workflow.named("two").define((run, none) -> {
            run.step("first", step -> {
                sent.add("body first");
                inFirst.run();
            });
            between.run();
            run.step("second", step -> {
                sent.add("body second");
            });
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "RUN-18 a holder whose host slept longer than its lease renews before it starts a body, by either clock")
    void nothingStartsBeforeARenewal(Clock clock) {
        cairn.run(twoSteps(() -> {}, () -> clock.show(this, LONG_SLEEP)), "r", null);

        assertThat(sent).containsExactly("acquire", "body first", "append", "renew", "body second", "append", "settle");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-18 a holder that slept and was taken over starts no body and records nothing")
    void supersededHolderStartsNothing(Clock clock) {
        Runnable sleep = () -> {
            clock.show(this, LONG_SLEEP);
            world.taken("r");
        };

        assertThatThrownBy(() -> cairn.run(twoSteps(() -> {}, sleep), "r", null))
                .isInstanceOf(RunHeldException.class);

        assertThat(sent).doesNotContain("body second");
        assertThat(world.recorded("r")).containsExactly("first");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-18 a commit under a lease that ran out is preceded by a renewal")
    void commitIsPrecededByARenewal(Clock clock) {
        cairn.run(twoSteps(() -> clock.show(this, LONG_SLEEP), () -> {}), "r", null);

        assertThat(sent).containsExactly("acquire", "body first", "renew", "append", "body second", "append", "settle");
    }

    @Test
    @DisplayName("RUN-18 a quarter of the lease is left when a body starts")
    void marginIsAQuarter() {
        cairn.run(
                twoSteps(
                        () -> nanos.addAndGet(
                                World.LEASE.multipliedBy(3).dividedBy(4).toNanos()),
                        () -> nanos.addAndGet(1)),
                "r",
                null);

        assertThat(sent).containsExactly("acquire", "body first", "append", "renew", "body second", "append", "settle");
    }

    @Test
    @DisplayName("RUN-18 a wall clock that is set back by an hour does no harm")
    void wallClockSetBackIsHarmless() {
        Runnable setBack = () -> {
            wall.putBack(Duration.ofHours(1));
            nanos.addAndGet(LONG_SLEEP.toNanos());
        };

        cairn.run(twoSteps(() -> {}, setBack), "r", null);

        assertThat(sent).containsExactly("acquire", "body first", "append", "renew", "body second", "append", "settle");
    }

    @Test
    @DisplayName("LEASE-05 a lease counts from when the first request for it was sent, also where that is repeated")
    void leaseCountsFromTheFirstRequest() {
        FaultyStore faulty = new FaultyStore(store).failing(Fault.UNKNOWN_AFTER, 1);
        faulty.before(
                () -> nanos.addAndGet(World.LEASE.multipliedBy(4).dividedBy(5).toNanos()), 2);

        world.process(faulty).clocks(wall, nanos::get).build().run(twoSteps(() -> {}, () -> {}), "r", null);

        assertThat(sent.subList(0, 4)).containsExactly("acquire", "acquire", "renew", "body first");
    }

    @Test
    @DisplayName("HB-01 of two renewals whose answers come in the wrong order the later one counts")
    void laterRenewalCounts() {
        HolderClock clock = new HolderClock(wall, nanos::get);
        List<HolderClock.Mark> marks = new ArrayList<>(List.of(clock.now()));
        HeldLease held = new HeldLease(clock, marks.get(0), World.LEASE, granted());
        nanos.addAndGet(World.LEASE.dividedBy(2).toNanos());
        marks.add(clock.now());

        held.renewed(marks.get(1), World.LEASE);
        held.renewed(marks.get(0), World.LEASE);

        assertThat(held.remaining()).isEqualTo(World.LEASE);
    }

    private dev.cairn.spi.Granted granted() {
        world.process().submit(world.workflow(), "s", "order");
        return world.taken("s");
    }

    @Test
    @DisplayName("RUN-18 a lease and a limit for repeats that outlive the fences are refused when a store is opened")
    void limitsFitTheFences() {
        assertThatThrownBy(() -> world.process(world.store())
                        .unknownLimit(Duration.ofMinutes(30))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT30M")
                .hasMessageContaining("fence time of PT1H");
    }
}
