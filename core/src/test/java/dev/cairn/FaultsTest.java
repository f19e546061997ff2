// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every operation, with every fault at every one of its requests, and then repeated by another process. */
class FaultsTest {
    private static final Logger LOG = LoggerFactory.getLogger(FaultsTest.class);
    private static final AtomicInteger POINTS = new AtomicInteger();
    private static final AtomicInteger SPLIT_POINTS = new AtomicInteger();
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration SOME_TIME = Duration.ofSeconds(30);

    @AfterAll
    static void say() {
        LOG.info("{} points of failure were tried, and {} on a split store", POINTS.get(), SPLIT_POINTS.get());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CRASH-02 an operation repeats a request of unknown outcome until it is known, and succeeds")
    void unknownOutcomesAreResolved(Operation operation) {
        Set<Fault> unknown = EnumSet.of(Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER);

        int points = everyPoint(operation, unknown, SOME_TIME, (point, thrown) -> {
            assertThat(thrown).as(point.toString()).isNull();
            point.check();
        });

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CRASH-01, CRASH-03 cut anywhere, an operation says so typed, and repeated it has one effect")
    void cutAnywhereItCanBeRepeated(Operation operation) {
        Set<Fault> faults = EnumSet.of(Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER, Fault.UNAVAILABLE);

        int points = everyPoint(operation, faults, NO_TIME, (point, thrown) -> {
            assertThat(thrown)
                    .as(point.toString())
                    .satisfiesAnyOf(nothing -> assertThat(nothing).isNull(), FaultsTest::isOfTheStore);
            point.repeat();
            point.check();
        });

        assertThat(points).isGreaterThanOrEqualTo(3 * operation.leastRequests());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("CRASH-03 where a process dies at any request, another one finishes what it began, once")
    void anotherProcessFinishesIt(Operation operation) {
        Set<Fault> deaths = EnumSet.of(Fault.DEATH_BEFORE, Fault.DEATH_AFTER);

        int points = everyPoint(operation, deaths, SOME_TIME, (point, thrown) -> {
            assertThat(thrown).as(point.toString()).isInstanceOf(FaultyStore.Death.class);
            point.repeat();
            point.check();
        });

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "CRASH-03 where a process dies at any request, a worker that takes the run instead finds all of it or nothing")
    void anotherProcessTakesTheRun(Operation operation) {
        Set<Fault> deaths = EnumSet.of(Fault.DEATH_BEFORE, Fault.DEATH_AFTER);

        int points = everyPoint(operation, deaths, SOME_TIME, (point, thrown) -> point.goOn());

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    private static void isOfTheStore(@Nullable Throwable thrown) {
        assertThat(thrown).isInstanceOf(CairnException.class);
        Throwable cause = thrown instanceof RunInterruptedException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOfAny(OutcomeUnknownException.class, StoreUnavailableException.class);
    }

    private interface Then {
        void at(Point point, @Nullable Throwable thrown);
    }

    private static int everyPoint(Operation operation, Set<Fault> faults, Duration limit, Then then) {
        int points = 0;
        for (Fault fault : faults) {
            for (int request = 1; ; request++) {
                World world = new World();
                FaultyStore store = new FaultyStore(world.store());
                Point point = new Point(operation, fault, request, world);
                Runnable arm = () -> store.failing(fault, point.request());
                if (!point.isReached(world.process(store).unknownLimit(limit), arm, store::requests, then)) {
                    break;
                }
                points++;
            }
        }
        POINTS.addAndGet(points);
        return points;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "RUN-17 on a split store, where a process dies at any part of a request, another one finishes it, once")
    void anotherProcessFinishesItOnASplitStore(Operation operation) {
        Set<Fault> deaths = EnumSet.of(Fault.DEATH_BEFORE, Fault.DEATH_AFTER);

        int points = everySplitPoint(operation, deaths, SOME_TIME, (point, thrown) -> {
            assertThat(thrown).as(point.toString()).isInstanceOf(FaultyStore.Death.class);
            point.repeat();
            point.check();
        });

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "RUN-17 on a split store, a part of unknown outcome is repeated with its request, and the operation succeeds")
    void unknownPartsAreResolvedOnASplitStore(Operation operation) {
        Set<Fault> unknown = EnumSet.of(Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER);

        int points = everySplitPoint(operation, unknown, SOME_TIME, (point, thrown) -> {
            assertThat(thrown).as(point.toString()).isNull();
            point.check();
        });

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RUN-17 on a split store, a worker that takes what a dead process left finds all of it or nothing")
    void anotherProcessTakesTheRunOnASplitStore(Operation operation) {
        Set<Fault> deaths = EnumSet.of(Fault.DEATH_BEFORE, Fault.DEATH_AFTER);

        int points = everySplitPoint(operation, deaths, SOME_TIME, (point, thrown) -> point.goOn());

        assertThat(points).isGreaterThanOrEqualTo(2 * operation.leastRequests());
    }

    private static int everySplitPoint(Operation operation, Set<Fault> faults, Duration limit, Then then) {
        int points = 0;
        for (Fault fault : faults) {
            for (int part = 1; ; part++) {
                World world = new World(clock -> SplitInMemoryStore.open(StoreOptions.defaults(), clock));
                FaultyGate gate = new FaultyGate(fault, part);
                StateStore store = ((SplitInMemoryStore) world.store()).reopened(gate);
                Point point = new Point(operation, fault, part, world);
                if (!point.isReached(world.process(store).unknownLimit(limit), () -> {}, gate::parts, then)) {
                    break;
                }
                points++;
            }
        }
        SPLIT_POINTS.addAndGet(points);
        return points;
    }

    /** An operation with a fault at one of its requests. */
    private record Point(Operation operation, Fault fault, int request, World world) {
        private boolean isReached(Cairn.Builder process, Runnable arm, IntSupplier requests, Then then) {
            try (Cairn before = world.process()) {
                operation.prepare(world, before);
            }
            arm.run();
            Throwable thrown;
            try (Cairn cairn = process.build()) {
                thrown = thrownBy(cairn);
            }
            boolean reached = requests.getAsInt() >= request;
            try (Cairn other = world.process()) {
                operation.checkBetween(world, other);
            }
            if (reached) {
                then.at(this, thrown);
            }
            return reached;
        }

        private @Nullable Throwable thrownBy(Cairn cairn) {
            try {
                operation.act(world, cairn);
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }

        private void repeat() {
            world.leasesRunOut();
            try (Cairn other = world.process()) {
                operation.again(world, other);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(this + " cannot be repeated", e);
            }
        }

        /** Whatever was left, a worker brings it to its end; what ended stays as it is. */
        private void goOn() {
            world.leasesRunOut();
            try (Cairn worker = world.process()) {
                worker.recover(world.workflow());
                for (RunSummary run : worker.runs().list(RunQuery.all().build()).runs()) {
                    worker.runs().read(run.id()).ifPresent(ended -> endsOnce(worker, ended));
                }
            }
        }

        private void endsOnce(Cairn worker, ResumeState ended) {
            assertThat(ended.status().isTerminal()).as(this + ": " + ended).isTrue();
            worker.recover(world.workflow());
            assertThat(world.read(ended.id())).isEqualTo(ended);
        }

        private void check() {
            try (Cairn later = world.process()) {
                operation.check(world, later);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(this + " has not one effect", e);
            }
        }

        @Override
        public String toString() {
            return operation + " with " + fault + " at request " + request;
        }
    }
}
