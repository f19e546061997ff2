// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.TwoHomes.Keeping;
import dev.cairn.TwoHomes.Like;
import dev.cairn.error.CairnException;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.state.RunStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A move that is cut at any of its requests, in either store, and then repeated by another process. */
class MoveCutsTest {
    private static final Logger LOG = LoggerFactory.getLogger(MoveCutsTest.class);
    private static final AtomicInteger POINTS = new AtomicInteger();

    @AfterAll
    static void say() {
        LOG.info("a move was cut at {} points", POINTS.get());
    }

    static Stream<Arguments> runsAndStores() {
        return Stream.of(Like.READY, Like.SIGNALLED, Like.WOKEN, Like.BLOCKED, Like.FAILED, Like.COMPLETED)
                .flatMap(like -> Stream.of(Keeping.values()).map(keeping -> Arguments.of(like, keeping)));
    }

    @ParameterizedTest
    @MethodSource("runsAndStores")
    @DisplayName(
            "MOVE-04 cut at any request of either store, a move leaves the run in one, and repeated it is finished")
    void cutMoveIsFinished(Like like, Keeping keeping) {
        int points = everyCut(like, keeping, cut -> {
            cut.homes().world().leasesRunOut();
            assertThat(cut.homes().move() || cut.homes().inTarget().isPresent()).isTrue();
            cut.checkMoved();
        });

        assertThat(points).isGreaterThanOrEqualTo(5 * 12);
    }

    @ParameterizedTest
    @MethodSource("runsAndStores")
    @DisplayName(
            "MOVE-04 between a cut and its repeat, the run can be claimed in one store at most, and is whole in one")
    void cutMoveIsInOneStore(Like like, Keeping keeping) {
        everyCut(like, keeping, cut -> {
            cut.checkOneHome();
            cut.homes().world().leasesRunOut();
            cut.checkOneHome();
            cut.checkNoStranger();
            assertThat(cut.homes().move() || cut.homes().inTarget().isPresent()).isTrue();
            cut.checkMoved();
        });
    }

    @ParameterizedTest
    @MethodSource("runsAndStores")
    @DisplayName("MOVE-04 workers of both stores that go on between a cut and its repeat run each step once")
    void cutMoveIsWorkedOn(Like like, Keeping keeping) {
        everyCut(like, keeping, cut -> {
            cut.homes().world().leasesRunOut();
            cut.work();
            cut.homes().move();
            cut.homes().world().clock().advance(java.time.Duration.ofDays(1));
            cut.work();
            cut.checkWorked();
        });
    }

    private interface Then {
        void at(Cut cut);
    }

    private static int everyCut(Like like, Keeping keeping, Then then) {
        int points = 0;
        for (boolean inSource : List.of(true, false)) {
            for (Fault fault : Fault.values()) {
                for (int request = 1; fault != Fault.NONE; request++) {
                    TwoHomes homes = TwoHomes.of(keeping, keeping).with(like);
                    Cut cut = new Cut(homes, homes.inSource().orElseThrow(), like, inSource, fault, request);
                    if (!cut.isReached(keeping)) {
                        break;
                    }
                    points++;
                    try {
                        then.at(cut);
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(cut.toString(), e);
                    }
                }
            }
        }
        POINTS.addAndGet(points);
        return points;
    }

    /** A move with a fault at one request. */
    private record Cut(TwoHomes homes, ResumeState before, Like like, boolean inSource, Fault fault, int request) {
        boolean isReached(Keeping keeping) {
            StateStore store = inSource ? homes.source() : homes.target();
            IntSupplier sent;
            StateStore faulty;
            if (keeping == Keeping.SPLIT) {
                FaultyGate gate = new FaultyGate(fault, request);
                faulty = ((SplitInMemoryStore) store).reopened(gate);
                sent = gate::parts;
            } else {
                FaultyStore whole = new FaultyStore(store).failing(fault, request);
                faulty = whole;
                sent = whole::requests;
            }
            Throwable thrown = moved(inSource ? faulty : homes.source(), inSource ? homes.target() : faulty);
            boolean reached = sent.getAsInt() >= request;
            if (reached && (fault == Fault.UNKNOWN_BEFORE || fault == Fault.UNKNOWN_AFTER)) {
                assertThat(thrown).as(toString()).isNull();
            } else if (thrown != null) {
                assertThat(thrown)
                        .as(toString())
                        .isInstanceOfAny(CairnException.class, FaultyStore.Death.class, IllegalStateException.class);
            }
            return reached;
        }

        private @Nullable Throwable moved(StateStore source, StateStore target) {
            try (Cairn mover = homes.world().process(source).build()) {
                assertThat(mover.runs().move("r", target)).isTrue();
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }

        void checkOneHome() {
            List<String> claimable = homes.claimable();
            assertThat(claimable).hasSizeLessThanOrEqualTo(1);
            boolean sleeps = claimable.isEmpty() && !before.status().isTerminal();
            boolean whole = Stream.of(homes.source(), homes.target())
                    .anyMatch(store -> Stream.of(store)
                            .flatMap(s -> TwoHomes.page(s).stream())
                            .anyMatch(page -> steps(page) >= before.steps().size()));
            assertThat(whole).isTrue();
            // Whoever waits for nobody's lease finds it: in the source until it has left, in the target when it is
            // released.
            if (sleeps && homes.inSource().isPresent() && fault.isDeath()) {
                assertThat(TwoHomes.head(homes.source()).lease().isPresent()
                                || homes.inSource().get().status() == RunStatus.CANCELLED)
                        .isTrue();
            }
        }

        private static int steps(dev.cairn.spi.Page page) {
            RunRecord record = new RunRecord(page.head());
            record.add(page);
            return record.steps().size();
        }

        /** What arrives or has arrived is in the way of everybody who creates the id; where nothing does, the move is refused. */
        void checkNoStranger() {
            if (TwoHomes.page(homes.target()).isEmpty()) {
                return;
            }
            try (Cairn there = homes.world().process(homes.target()).build()) {
                assertThatThrownBy(() -> there.submit(homes.world().workflow(), "r", "another order"))
                        .isInstanceOf(CairnException.class);
                assertThatThrownBy(() -> there.runs().save(before)).isInstanceOf(CairnException.class);
            }
        }

        void checkMoved() {
            assertThat(homes.inSource()).isEmpty();
            ResumeState after = homes.inTarget().orElseThrow();
            assertThat(after.isSameRunAs(before)).as("%s is %s", after, before).isTrue();
            assertThat(after.messages()).isEqualTo(before.messages());
            assertThat(homes.claimable()).isEqualTo(before.status().isTerminal() ? List.of() : List.of("target"));
            assertThat(homes.move()).isFalse();
        }

        void work() {
            for (StateStore store : List.of(homes.source(), homes.target())) {
                try (Cairn worker = homes.world().process(store).build()) {
                    worker.recover(homes.world().workflow());
                }
            }
        }

        void checkWorked() {
            Optional<ResumeState> target = homes.inTarget();
            assertThat(homes.inSource()).isEmpty();
            RunStatus end = before.status().isTerminal() ? before.status() : RunStatus.COMPLETED;
            assertThat(target.orElseThrow().status()).isEqualTo(end);
            World world = homes.world();
            for (String key : World.STEPS) {
                List<String> ran = world.ran("r", key);
                assertThat(ran).as("bodies of " + key).hasSizeLessThanOrEqualTo(key.equals("book") ? 2 : 1);
                assertThat(new HashSet<>(ran)).as("keys of " + key).hasSizeLessThanOrEqualTo(1);
            }
        }

        @Override
        public String toString() {
            return "a move of a " + like + " run with " + fault + " at request " + request + " of the "
                    + (inSource ? "source" : "target");
        }
    }
}
