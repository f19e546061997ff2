// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TwoHomes.Keeping;
import dev.cairn.TwoHomes.Like;
import dev.cairn.error.CairnException;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A move into which somebody comes, before or after any of its requests: its host stands still meanwhile, and then it goes on
 * or dies. Whatever happens, there is one run, and no step of it is run twice.
 */
class MoveRacesTest {
    private static final Logger LOG = LoggerFactory.getLogger(MoveRacesTest.class);
    private static final AtomicInteger POINTS = new AtomicInteger();

    @AfterAll
    static void say() {
        LOG.info("somebody came into a move at {} points", POINTS.get());
    }

    /** Who comes. */
    enum Comer {
        /** Workers of both stores, while the mover's leases stand. */
        WORKERS {
            @Override
            void comes(Race race) {
                race.work();
            }
        },
        /** Workers of both stores, when the mover's leases have run out. */
        WORKERS_LATER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                race.work();
            }
        },
        /** Somebody who takes the lease in the source, and does nothing. */
        TAKER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                race.homes().claimable();
            }
        },
        /** Another mover, at once. */
        MOVER {
            @Override
            void comes(Race race) {
                race.homes().move();
            }
        },
        /** Another mover, when the leases have run out. */
        MOVER_LATER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                race.homes().move();
            }
        },
        /** Another mover, who also brings the run back. */
        MOVER_BACK {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                race.homes().move();
                try (Cairn there = race.process(race.homes().target())) {
                    there.runs().move("r", race.homes().source());
                }
            }
        },
        /** Another mover, and then the run is done and deleted where it went. */
        MOVER_AND_DELETER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                race.homes().move();
                race.work();
                try (Cairn there = race.process(race.homes().target())) {
                    race.deleted = there.runs().delete("r");
                }
            }
        },
        /** Somebody who creates the id in the target. */
        STRANGER {
            @Override
            void comes(Race race) {
                try (Cairn there = race.process(race.homes().target())) {
                    there.submit(race.homes().world().workflow(), "r", "another order");
                }
            }
        },
        /** A signal, to where the run is. */
        SIGNAL {
            @Override
            void comes(Race race) {
                for (StateStore store :
                        List.of(race.homes().source(), race.homes().target())) {
                    try (Cairn sender = race.process(store)) {
                        race.signalled |= sender.runs().signal("r", "late", "approved", "yes") == Signalled.STORED;
                    }
                }
            }
        },
        /** A cancel, also over the mover's lease. */
        CANCEL {
            @Override
            void comes(Race race) {
                try (Cairn canceller = race.process(race.homes().source())) {
                    race.cancelled = canceller.runs().cancel("r") == RunStatus.CANCELLED;
                }
            }
        },
        /** Somebody who deletes the run in the source. */
        DELETER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                try (Cairn there = race.process(race.homes().source())) {
                    race.deleted = there.runs().delete("r");
                }
            }
        },
        /** Somebody who reopens a failed run in the source. */
        RETRIER {
            @Override
            void comes(Race race) {
                race.homes().world().leasesRunOut();
                try (Cairn there = race.process(race.homes().source())) {
                    there.retry(race.homes().world().workflow(), "r");
                }
            }
        },
        /** A purge of both, long after. */
        PURGE {
            @Override
            void comes(Race race) {
                race.homes().world().clock().advance(Duration.ofDays(2));
                for (StateStore store :
                        List.of(race.homes().source(), race.homes().target())) {
                    try (Cairn there = race.process(store)) {
                        race.deleted |=
                                there.runs().purge(Duration.ofDays(1), 10).count() > 0;
                    }
                }
            }
        };

        abstract void comes(Race race);
    }

    static Stream<Arguments> comers() {
        return Stream.of(Comer.values())
                .flatMap(comer -> Stream.of(Keeping.values())
                        .flatMap(keeping -> Stream.of(Like.READY, Like.WOKEN, Like.FAILED, Like.COMPLETED)
                                .map(like -> Arguments.of(comer, like, keeping))));
    }

    @ParameterizedTest
    @MethodSource("comers")
    @DisplayName(
            "MOVE-03, MOVE-04, SIG-07 whoever comes into a move at any request, there is one run, and it loses nothing")
    void somebodyComes(Comer comer, Like like, Keeping keeping) {
        int points = 0;
        while (new Race(comer, like, keeping, points, Integer.MAX_VALUE).isReached()) {
            points++;
        }
        assertThat(points).isGreaterThanOrEqualTo(20);
    }

    static Stream<Arguments> comersAndDeaths() {
        return Stream.of(Comer.WORKERS_LATER, Comer.MOVER_LATER, Comer.MOVER_BACK, Comer.TAKER, Comer.SIGNAL)
                .flatMap(comer -> Stream.of(Like.READY, Like.FAILED).map(like -> Arguments.of(comer, like)));
    }

    @ParameterizedTest
    @MethodSource("comersAndDeaths")
    @DisplayName("MOVE-04 and where the mover then dies at any later request, the same holds")
    void somebodyComesAndTheMoverDies(Comer comer, Like like) {
        int points = 0;
        for (int comes = 0; new Race(comer, like, Keeping.WHOLE, comes, Integer.MAX_VALUE).isReached(); comes++) {
            int dies = comes + 1;
            while (new Race(comer, like, Keeping.WHOLE, comes, dies).isReached()) {
                dies += 1;
                points++;
            }
        }
        assertThat(points).isGreaterThanOrEqualTo(100);
    }

    /** One move, into which somebody comes at one of its points. */
    private static final class Race {
        private final Comer comer;
        private final Like like;
        private final int comes;
        private final int dies;
        private final TwoHomes homes;
        private final String scope;
        private final AtomicInteger passed = new AtomicInteger();
        private final Keeping keeping;
        private boolean dead;
        private boolean deleted;
        private boolean signalled;
        private boolean cancelled;

        private Race(Comer comer, Like like, Keeping keeping, int comes, int dies) {
            this.comer = comer;
            this.like = like;
            this.comes = comes;
            this.dies = dies;
            this.keeping = keeping;
            this.homes = TwoHomes.of(keeping, keeping).with(like);
            this.scope = homes.inSource().orElseThrow().origin().scope();
        }

        private TwoHomes homes() {
            return homes;
        }

        private Cairn process(StateStore store) {
            return homes.world().process(store).build();
        }

        private void work() {
            for (StateStore store : List.of(homes.source(), homes.target())) {
                try (Cairn worker = process(store)) {
                    worker.recover(homes.world().workflow());
                }
            }
        }

        /** Goes through it; whether the mover came to the point, and to the one where it dies. */
        private boolean isReached() {
            try {
                Instant stands = homes.world().clock().instant();
                // The mover's host stands still, so that it never knows that its leases have run out.
                try (Cairn mover = homes.world()
                        .process(gated(homes.source()))
                        .clocks(() -> stands, () -> 0)
                        .build()) {
                    mover.runs().move("r", gated(homes.target()));
                } catch (CairnException | FaultyStore.Death refused) {
                    // What is left says whether that was right.
                }
                boolean reached = passed.get() > comes && (dies == Integer.MAX_VALUE || dead);
                if (reached) {
                    POINTS.incrementAndGet();
                    check();
                }
                return reached;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        comer + " comes into the move of a " + like + " run at point " + comes + ", the mover dies at "
                                + dies,
                        e);
            }
        }

        private void pass() {
            if (dead) {
                throw new FaultyStore.Death("a dead process");
            }
            int point = passed.getAndIncrement();
            if (point == comes) {
                try {
                    comer.comes(this);
                } catch (CairnException refused) {
                    // So it is refused.
                }
            }
            if (point == dies) {
                dead = true;
                throw new FaultyStore.Death("the mover dies");
            }
        }

        private StateStore gated(StateStore store) {
            if (keeping == Keeping.SPLIT) {
                return ((SplitInMemoryStore) store).reopened((request, when) -> pass());
            }
            return new SeenStore(store) {
                @Override
                <T> T send(String name, Supplier<T> request) {
                    pass();
                    T answer = request.get();
                    pass();
                    return answer;
                }
            };
        }

        private void check() {
            checkOneHome();
            homes.world().leasesRunOut();
            checkOneHome();
            assertThat(homes.claimable().size() + (isStranger() ? 0 : 1)).isLessThanOrEqualTo(2);
            repeat();
            homes.world().clock().advance(Duration.ofHours(1));
            work();
            repeat();
            work();
            checkOneHome();
            checkEnd();
        }

        private void repeat() {
            homes.world().leasesRunOut();
            try {
                homes.move();
            } catch (RunExistsException | NoSuchRunException refused) {
                assertThat(deleted || isStranger()).as(refused.getMessage()).isTrue();
            }
        }

        private boolean isStranger() {
            return TwoHomes.page(homes.target()).map(this::isOther).orElse(false);
        }

        private boolean isOther(Page page) {
            RunRecord record = new RunRecord(page.head());
            record.add(page);
            return !record.fold().isStripped() && !record.origin().scope().equals(scope);
        }

        /** The states of this run that somebody could go on with, as workers would. */
        private List<ResumeState> homesOfIt() {
            List<ResumeState> found = new ArrayList<>();
            for (Optional<ResumeState> state : List.of(homes.inSource(), homes.inTarget())) {
                state.filter(one -> one.origin().scope().equals(scope)).ifPresent(found::add);
            }
            return found;
        }

        private void checkOneHome() {
            List<StateStore> open = new ArrayList<>();
            for (StateStore store : List.of(homes.source(), homes.target())) {
                Optional<Page> page = TwoHomes.page(store);
                boolean claimable = page.map(Page::head)
                        .filter(head -> head.status() != RunStatus.ARRIVING && !head.isMoved())
                        .isPresent();
                if (claimable && !isOther(page.get()) && !isMoved(page.get())) {
                    open.add(store);
                }
            }
            assertThat(open).hasSizeLessThanOrEqualTo(1);
        }

        private static boolean isMoved(Page page) {
            RunRecord record = new RunRecord(page.head());
            record.add(page);
            return record.movedTo().isPresent();
        }

        private void checkEnd() {
            List<ResumeState> states = homesOfIt();
            assertThat(states).hasSize(deleted ? 0 : 1);
            World world = homes.world();
            for (String key : World.STEPS) {
                String first = IdempotencyKeys.of(scope, key, 0);
                long ran = world.ran("r", key).stream().filter(first::equals).count();
                assertThat(ran)
                        .as("bodies of " + key)
                        .isLessThanOrEqualTo(key.equals("book") && like != Like.COMPLETED ? 2 : 1);
            }
            if (deleted) {
                return;
            }
            ResumeState state = states.get(0);
            Head head = TwoHomes.page(homes.target())
                    .filter(page -> !isOther(page))
                    .or(() -> TwoHomes.page(homes.source()))
                    .orElseThrow()
                    .head();
            assertThat(head.isMoved()).isFalse();
            assertThat(state.status()).isEqualTo(end(state));
            assertThat(state.messages().stream()
                            .filter(message -> message.message().id().equals("late")))
                    .hasSize(signalled ? 1 : 0);
        }

        private RunStatus end(ResumeState state) {
            if (cancelled) {
                return RunStatus.CANCELLED;
            }
            boolean isRetried = comer == Comer.RETRIER && state.status() == RunStatus.COMPLETED;
            return like == Like.FAILED && !isRetried ? RunStatus.FAILED : RunStatus.COMPLETED;
        }
    }
}
