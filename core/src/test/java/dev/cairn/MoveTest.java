// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.TwoHomes.Keeping;
import dev.cairn.TwoHomes.Like;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Head;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What moving a run to another store does, and what it refuses: after a refusal the run is as it was, in both. */
class MoveTest {
    private final TwoHomes homes = TwoHomes.of(Keeping.WHOLE, Keeping.WHOLE);

    static Stream<Arguments> everyRun() {
        return Stream.of(Like.values())
                .flatMap(like -> Stream.of(Keeping.values())
                        .flatMap(from -> Stream.of(Keeping.values()).map(to -> Arguments.of(like, from, to))));
    }

    @ParameterizedTest
    @MethodSource("everyRun")
    @DisplayName("MOVE-01, MOVE-05 a moved run is equal in the other store, with higher tokens, and gone from its own")
    void movedRunIsEqual(Like like, Keeping from, Keeping to) {
        TwoHomes two = TwoHomes.of(from, to).with(like);
        ResumeState before = two.inSource().orElseThrow();
        Head head = TwoHomes.head(two.source());

        assertThat(two.move()).isTrue();

        ResumeState after = two.inTarget().orElseThrow();
        assertThat(after).matches(state -> state.isSameRunAs(before) || like == Like.ABANDONED);
        assertThat(after.steps()).isEqualTo(before.steps());
        assertThat(after.allAttempts()).isEqualTo(before.allAttempts());
        assertThat(after.history()).isEqualTo(before.history());
        assertThat(TwoHomes.head(two.target()).token()).isGreaterThan(head.token());
        assertThat(TwoHomes.head(two.target()).sourceToken()).isZero();
        // A signal that came before makes the run due at the time of its arrival.
        List<Object> shown = TwoHomes.shown(TwoHomes.head(two.target()));
        if (like == Like.WOKEN) {
            assertThat(TwoHomes.head(two.target())
                            .isClaimable(two.world().clock().instant()))
                    .isTrue();
        } else {
            assertThat(shown).isEqualTo(TwoHomes.shown(head));
        }
        assertThat(two.inSource()).isEmpty();
        assertThat(Cairn.using(two.source()).runs().list(RunQuery.all().build()).runs())
                .isEmpty();
        assertThat(two.move()).isFalse();
        assertThat(two.inTarget()).contains(after);
    }

    @ParameterizedTest
    @MethodSource("everyRun")
    @DisplayName("MOVE-01, RUN-10 it goes on there at the same step with the same idempotency keys, and back again")
    void movedRunGoesOn(Like like, Keeping from, Keeping to) {
        TwoHomes two = TwoHomes.of(from, to).with(like);
        ResumeState before = two.inSource().orElseThrow();
        two.move();
        try (Cairn back = two.world().process(two.target()).build()) {
            assertThat(back.runs().move("r", two.source())).isTrue();
        }
        two.move();
        try (Cairn there = two.world().process(two.target()).build()) {
            if (like == Like.FAILED) {
                there.retry(two.world().workflow(), "r");
            }
            two.world().clock().advance(Duration.ofDays(1));

            there.recover(two.world().workflow());

            RunStatus end = like == Like.CANCELLED ? RunStatus.CANCELLED : RunStatus.COMPLETED;
            assertThat(there.runs().read("r").orElseThrow().status()).isEqualTo(end);
            before.steps().stream()
                    .filter(step -> !step.key().equals("book"))
                    .forEach(
                            step -> assertThat(two.world().ran("r", step.key())).hasSize(1));
            int keys = like == Like.FAILED ? 2 : 1;
            assertThat(new HashSet<>(two.world().ran("r", "book"))).hasSize(keys);
        }
    }

    @Test
    @DisplayName("MOVE-03 somebody else's live lease refuses the move, and nothing changes")
    void heldRunStays() {
        homes.with(Like.READY).world().taken("r");
        Head held = TwoHomes.head(homes.source());

        refuses(RunHeldException.class, homes::move);

        assertThat(TwoHomes.head(homes.source())).isEqualTo(held);
        assertThat(TwoHomes.page(homes.target())).isEmpty();
    }

    @Test
    @DisplayName("MOVE-04 a run of the same id in the target is not replaced")
    void otherRunStays() {
        homes.with(Like.READY);
        try (Cairn there = homes.world().process(homes.target()).build()) {
            there.submit(homes.world().workflow(), "r", "another order");
        }

        refuses(RunExistsException.class, homes::move);
        assertThat(homes.claimable()).containsExactly("source", "target");
    }

    @Test
    @DisplayName("MOVE-04 an import that is under way in the target is not replaced")
    void importUnderWayStays() {
        homes.with(Like.READY);
        ResumeState saved = homes.inSource().orElseThrow();
        FaultyStore dying = new FaultyStore(homes.target()).failing(FaultyStore.Fault.DEATH_BEFORE, 2);
        try (Cairn other = Cairn.using(dying)) {
            assertThatThrownBy(() -> other.runs().save(saved)).isInstanceOf(FaultyStore.Death.class);
        }

        refuses(RuntimeException.class, homes::move);
        assertThat(homes.claimable()).containsExactly("source");
    }

    @Test
    @DisplayName("MOVE-04 a run is not moved to where it is, however that store was opened")
    void sameStorageIsRefused() {
        homes.with(Like.READY);
        InMemoryStateStore again = ((InMemoryStateStore) homes.source()).reopened();
        try (Cairn mover = homes.world().process()) {
            refuses(IllegalArgumentException.class, () -> mover.runs().move("r", homes.source()));
            refuses(IllegalArgumentException.class, () -> mover.runs().move("r", again));
        }
        assertThat(homes.claimable()).containsExactly("source");
    }

    @Test
    @DisplayName("MOVE-01 to another namespace of the same storage it is moved")
    void otherNamespace() {
        homes.with(Like.SIGNALLED);
        StateStore other = ((InMemoryStateStore) homes.source())
                .reopened(StoreOptions.builder().namespace("other").build());
        ResumeState before = homes.inSource().orElseThrow();

        try (Cairn mover = homes.world().process()) {
            assertThat(mover.runs().move("r", other)).isTrue();
        }

        assertThat(homes.inSource()).isEmpty();
        assertThat(Cairn.using(other).runs().read("r").orElseThrow().isSameRunAs(before))
                .isTrue();
    }

    @Test
    @DisplayName("MOVE-01 a run that is in neither store is said not to be")
    void absentRun() {
        assertThatThrownBy(homes::move)
                .isInstanceOf(NoSuchRunException.class)
                .hasMessageContaining("r")
                .hasMessageContaining("the other store");
        assertThat(TwoHomes.page(homes.target())).isEmpty();
    }

    @Test
    @DisplayName("BAD-01 a target whose fences are too short for the lease is refused before anything is done")
    void targetWithShortFences() {
        homes.with(Like.READY);
        StateStore hasty = InMemoryStateStore.open(
                StoreOptions.builder().fenceTime(Duration.ofSeconds(1)).build(),
                homes.world().clock());

        try (Cairn mover = homes.world().process()) {
            refuses(IllegalArgumentException.class, () -> mover.runs().move("r", hasty));
        }
    }

    static Stream<Arguments> tooSmall() {
        return Stream.of(
                Arguments.of(3, 1 << 20, List.of("its input", "a payload", "3")),
                Arguments.of(1 << 20, 20, List.of("its first entry", "an entry", "20")),
                Arguments.of(1 << 20, 300, List.of("an entry", "300")),
                Arguments.of(1 << 20, 1 << 20, List.of("a signal", "an entry")),
                Arguments.of(8, 4 << 20, List.of("step charge", "a payload", "8")));
    }

    @ParameterizedTest
    @MethodSource("tooSmall")
    @DisplayName("MOVE-04 a target that is too small is refused before anything is written there, with both sizes")
    void smallTargetIsRefused(int payload, int entry, List<String> said) {
        homes.with(Like.READY);
        StateStore small = new SeenStore(homes.target()) {
            @Override
            public Facts facts() {
                Facts facts = super.facts();
                return new Facts(
                        facts.product(),
                        facts.nature(),
                        facts.tier(),
                        new Facts.Limits(payload, entry, 1000, 1, 0),
                        facts.fenceTime(),
                        facts.abilities(),
                        facts.settings(),
                        facts.warnings());
            }

            @Override
            <T> T send(String name, Supplier<T> request) {
                throw new AssertionError(name + " was sent");
            }
        };

        try (Cairn mover = homes.world().process()) {
            assertThatThrownBy(() -> mover.runs().move("r", small))
                    .isInstanceOf(PayloadTooLargeException.class)
                    .message()
                    .contains(said);
        }

        assertThat(homes.claimable()).containsExactly("source");
    }

    private void refuses(Class<? extends Throwable> type, ThrowingCallable move) {
        Optional<ResumeState> source = homes.inSource();
        Optional<ResumeState> target = homes.inTarget();

        assertThatThrownBy(move).isInstanceOf(type);

        assertThat(homes.inSource()).isEqualTo(source);
        assertThat(homes.inTarget()).isEqualTo(target);
    }

    /** A run that has left, and whose mover died before it released it. */
    private void left(Like like) {
        homes.with(like);
        FaultyStore dying = new FaultyStore(homes.target());
        // The arrival and its pages pass; what comes after the source says moved does not.
        StateStore source = new SeenStore(homes.source()) {
            @Override
            <T> T send(String name, Supplier<T> request) {
                T answer = request.get();
                if (name.equals("settle")) {
                    throw new FaultyStore.Death("after the source said moved, " + answer);
                }
                return answer;
            }
        };
        try (Cairn mover = homes.world().process(source).build()) {
            assertThatThrownBy(() -> mover.runs().move("r", dying)).isInstanceOf(FaultyStore.Death.class);
        }
        homes.world().leasesRunOut();
    }

    static Stream<Like> openAndEnded() {
        return Stream.of(Like.READY, Like.WOKEN, Like.FAILED, Like.COMPLETED, Like.CANCELLED);
    }

    @ParameterizedTest
    @MethodSource("openAndEnded")
    @DisplayName("MOVE-04 what has left is nobody's but the mover's: asked for, it says where it went")
    void leftRunSaysWhere(Like like) {
        left(like);
        Runs runs = Cairn.using(homes.source()).runs();
        ResumeState there = homes.inSource().orElseThrow();
        Workflow<String, String> workflow = homes.world().workflow();

        try (Cairn cairn = homes.world().process()) {
            if (like == Like.READY || like == Like.WOKEN) {
                assertThatThrownBy(() -> cairn.run(workflow, "r", "order"))
                        .isInstanceOf(NotPossibleException.class)
                        .hasMessageContaining("moved to namespace default")
                        .hasMessageContaining("ask for it there");
                assertThatThrownBy(() -> cairn.resume(workflow, "r")).isInstanceOf(NotPossibleException.class);
            }
            assertThatThrownBy(() -> cairn.retry(workflow, "r")).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.delete("r")).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.delete(there)).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.replace(there, there)).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.cancel("r")).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.forget("r", "charge")).isInstanceOf(NotPossibleException.class);
            assertThatThrownBy(() -> runs.save(there))
                    .isInstanceOf(RunExistsException.class)
                    .hasMessageContaining("moved to");
            assertThat(runs.signal("r", "late", "approved", "yes")).isEqualTo(Signalled.ENDED);
            assertThat(cairn.recover(workflow)).isZero();
        }
        homes.world().clock().advance(Duration.ofDays(2));
        assertThat(runs.purge(Duration.ofDays(1), 10)).isEqualTo(new Purged(0, false));
        RunSummary listed = runs.list(RunQuery.all().build()).runs().get(0);
        assertThat(listed.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(listed.reason()).startsWith("moved to namespace default, incarnation ");
        assertThat(homes.inSource()).contains(there);

        assertThat(homes.move()).isTrue();
        assertThat(homes.inTarget()).isPresent();
        assertThat(homes.inSource()).isEmpty();
    }

    @Test
    @DisplayName(
            "MOVE-04 who finishes another's arrival renews its lease first: some stores take nothing under one that ran out")
    void finisherRenews() {
        left(Like.SIGNALLED);
        AtomicInteger written = new AtomicInteger();
        StateStore strict = new SeenStore(homes.target()) {
            @Override
            <T> T send(String name, Supplier<T> request) {
                if (name.equals("append") || name.equals("settle")) {
                    written.incrementAndGet();
                    assertThat(TwoHomes.head(homes.target())
                                    .isLeased(homes.world().clock().instant()))
                            .isTrue();
                }
                return request.get();
            }
        };

        try (Cairn mover = homes.world().process()) {
            assertThat(mover.runs().move("r", strict)).isTrue();
        }

        assertThat(written).hasValue(3);
        assertThat(homes.inTarget().orElseThrow().messages()).hasSize(2);
    }

    @Test
    @DisplayName("MOVE-04 a run that has left for one store is not given to another, nor taken to be there")
    void leftForAnotherStore() {
        left(Like.READY);
        StateStore wrong = InMemoryStateStore.open(homes.world().clock());
        try (Cairn mover = homes.world().process()) {
            assertThatThrownBy(() -> mover.runs().move("r", wrong))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("give the one that it was moved to");
            Cairn.using(wrong).submit(homes.world().workflow(), "r", "order");
            assertThatThrownBy(() -> mover.runs().move("r", wrong)).isInstanceOf(ConflictException.class);
        }

        assertThat(homes.inSource()).isPresent();
        assertThat(homes.move()).isTrue();
        assertThat(homes.claimable()).containsExactly("target");
    }

    @Test
    @DisplayName("MOVE-04 another run of the same id, from a third store, does not take the place of what arrives")
    void thirdStore() {
        left(Like.READY);
        TwoHomes third = TwoHomes.of(Keeping.WHOLE, Keeping.WHOLE).with(Like.READY);
        third.world().clock().advance(Duration.ofDays(1));

        try (Cairn mover = third.world().process()) {
            assertThatThrownBy(() -> mover.runs().move("r", homes.target())).isInstanceOf(RunExistsException.class);
        }

        assertThat(third.claimable()).containsExactly("source");
        assertThat(homes.move()).isTrue();
        assertThat(homes.claimable()).containsExactly("target");
    }

    @Test
    @DisplayName("MOVE-03 a holder whose run has left is told that its lease is lost, not that it was cancelled")
    void holderOfALeftRun() {
        World world = homes.world();
        Workflow<String, String> slow = Workflow.named("fulfil")
                .input(String.class)
                .output(String.class)
                .define((run, order) -> {
                    run.step("charge", String.class, step -> "charged");
                    world.leasesRunOut();
                    left();
                    return run.step("book", String.class, step -> "never");
                });

        try (Cairn holder = Cairn.builder(homes.source())
                .lease(World.LEASE)
                .patience(Duration.ZERO)
                .build()) {
            assertThatThrownBy(() -> holder.run(slow, "r", "order")).isInstanceOf(NotPossibleException.class);
        }
    }

    private void left() {
        StateStore source = new SeenStore(homes.source()) {
            @Override
            <T> T send(String name, Supplier<T> request) {
                T answer = request.get();
                if (name.equals("settle")) {
                    throw new FaultyStore.Death("after the source said moved, " + answer);
                }
                return answer;
            }
        };
        try (Cairn mover = homes.world().process(source).build()) {
            assertThatThrownBy(() -> mover.runs().move("r", homes.target())).isInstanceOf(FaultyStore.Death.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("SIG-06 a signal that travelled wakes the run also where its first taker dies, moved as well as saved")
    void travelledSignalWakes(boolean moved) {
        boolean reached = true;
        for (int part = 1; reached; part++) {
            TwoHomes two = TwoHomes.of(Keeping.SPLIT, Keeping.SPLIT).with(Like.WOKEN);
            if (moved) {
                two.move();
            } else {
                Cairn.using(two.target()).runs().save(two.inSource().orElseThrow());
            }
            FaultyGate gate = new FaultyGate(FaultyStore.Fault.DEATH_AFTER, part);
            try (Cairn dying = two.world()
                    .process(((SplitInMemoryStore) two.target()).reopened(gate))
                    .build()) {
                dying.recover(two.world().workflow());
                reached = false;
            } catch (FaultyStore.Death death) {
                assertThat(gate.parts()).isEqualTo(part);
            }
            two.world().leasesRunOut();

            try (Cairn worker = two.world().process(two.target()).build()) {
                worker.recover(two.world().workflow());
            }

            assertThat(two.inTarget().orElseThrow().status())
                    .as("dead after part %d", part)
                    .isEqualTo(RunStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("MOVE-03 the leases of both stores are renewed while a long copy goes on")
    void longCopy() {
        homes.with(Like.COMPLETED);
        StateStore slow = new SeenStore(homes.target()) {
            @Override
            <T> T send(String name, Supplier<T> request) {
                T answer = request.get();
                if (name.equals("append")) {
                    homes.world().clock().advance(World.LEASE.dividedBy(2));
                    refusesOthers();
                }
                return answer;
            }
        };

        try (Cairn mover = homes.world().process()) {
            assertThat(mover.runs().move("r", slow)).isTrue();
        }
        assertThat(homes.inTarget().orElseThrow().steps()).hasSize(World.STEPS.size());
    }

    private void refusesOthers() {
        assertThat(TwoHomes.head(homes.source()).isLeased(homes.world().clock().instant()))
                .isTrue();
        assertThat(TwoHomes.head(homes.target()).isLeased(homes.world().clock().instant()))
                .isTrue();
    }
}
