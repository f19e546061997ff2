// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.spi.Revision;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What managing a run does, and what it refuses: after a refusal the run is as it was. */
class RunsTest {
    private final World world = new World();
    private final Cairn cairn = world.process();
    private final Runs runs = cairn.runs();

    /** Steps charge, reserve and pack are recorded; book will be tried again. */
    private ResumeState interrupted() {
        Operation.interrupted(world, cairn, "book");
        return world.read("r");
    }

    private ResumeState completed() {
        cairn.run(world.workflow(), "r", "order");
        return world.read("r");
    }

    private ResumeState failed() {
        world.failing("book");
        assertThatThrownBy(() -> cairn.run(world.workflow(), "r", "order")).isInstanceOf(StepFailedException.class);
        world.failing("");
        return world.read("r");
    }

    private void refuses(Class<? extends Throwable> type, ThrowingCallable operation) {
        Optional<ResumeState> before = runs.read("r");

        assertThatThrownBy(operation).isInstanceOf(type);

        assertThat(runs.read("r")).isEqualTo(before);
    }

    @Test
    @DisplayName("SNAP-03 a replaced run holds what the new state holds and nothing else, under a new incarnation")
    void replaceLeavesNothingOld() {
        ResumeState early = interrupted();
        ResumeState late = completed();

        runs.replace(early, late);

        ResumeState now = world.read("r");
        assertThat(now.isSameRunAs(early)).isTrue();
        assertThat(now.revision().incarnation()).isNotEqualTo(late.revision().incarnation());
        assertThat(cairn.run(world.workflow(), "r", "order")).isEqualTo("charge of order, book of order");
    }

    @Test
    @DisplayName("SNAP-04 a state that is saved loads equal to the run that it was taken from")
    void savedStateLoadsEqual() {
        for (ResumeState state : List.of(interrupted(), failedAnew(), completed())) {
            World elsewhere = new World();

            elsewhere.process().runs().save(state);

            assertThat(elsewhere.read("r").isSameRunAs(state))
                    .as(state.toString())
                    .isTrue();
            assertThat(elsewhere.read("r").revision().incarnation())
                    .isNotEqualTo(state.revision().incarnation());
        }
    }

    private ResumeState failedAnew() {
        runs.delete("r");
        ResumeState state = failed();
        runs.delete("r");
        return state;
    }

    @Test
    @DisplayName("MOVE-01 a cancelled, a blocked and a running state are saved in the status they had")
    void everyStatusIsSaved() {
        interrupted();
        runs.cancel("r");
        World elsewhere = new World();

        elsewhere.process().runs().save(world.read("r"));

        assertThat(elsewhere.status("r")).isEqualTo(RunStatus.CANCELLED);
        assertThat(elsewhere.process().recover(world.workflow())).isZero();
    }

    @Test
    @DisplayName("MOVE-01 a blocked run stays blocked where it is saved, and nobody but a person resumes it")
    void blockedStateStaysBlocked() {
        Workflow<@Nullable Void, Unreadable> unreadable = Workflow.named("unreadable")
                .output(Unreadable.class)
                .define((run, none) -> run.step("value", Unreadable.class, step -> new Unreadable(1)));
        assertThat(cairn.execute(unreadable, "r", null)).isInstanceOf(RunResult.Blocked.class);
        World elsewhere = new World();

        elsewhere.process().runs().save(world.read("r"));

        assertThat(elsewhere.read("r").isSameRunAs(world.read("r"))).isTrue();
        assertThat(elsewhere.status("r")).isEqualTo(RunStatus.BLOCKED);
        assertThat(elsewhere.process().recover(unreadable)).isZero();
    }

    @Test
    @DisplayName("MOVE-05 history, attempts, rounds and messages go with a state, and so do the idempotency keys")
    void everythingGoesWithAState() {
        failed();
        cairn.retry(world.workflow(), "r");
        runs.delete("r");
        interrupted();
        runs.signal("r", "s-1", "approved", "yes");
        runs.forget("r", "pack");
        ResumeState state = world.read("r");
        World elsewhere = new World();

        elsewhere.process().runs().save(state);
        elsewhere.process().resume(elsewhere.workflow(), "r");
        cairn.resume(world.workflow(), "r");

        assertThat(elsewhere.read("r").history()).isEqualTo(state.history());
        assertThat(elsewhere.read("r").messages()).isEqualTo(state.messages()).hasSize(1);
        assertThat(elsewhere.ran("r", "pack")).containsExactly(last(world.ran("r", "pack")));
        assertThat(elsewhere.ran("r", "book")).containsExactly(last(world.ran("r", "book")));
    }

    private static String last(List<String> keys) {
        return keys.get(keys.size() - 1);
    }

    @Test
    @DisplayName("MOVE-02 a state is not saved over a run, whatever that run's status")
    void saveNeverOverwrites() {
        ResumeState state = interrupted();
        refuses(RunExistsException.class, () -> runs.save(state));

        ResumeState ended = completed();
        refuses(RunExistsException.class, () -> runs.save(ended));
    }

    @Test
    @DisplayName("VER-03 replace and delete at another revision than the run's are refused")
    void otherRevisionIsRefused() {
        ResumeState early = interrupted();
        ResumeState late = completed();

        refuses(ConflictException.class, () -> runs.replace(late, early));
        refuses(ConflictException.class, () -> runs.delete(early));
        refuses(IllegalArgumentException.class, () -> runs.replace(late, other("s")));
    }

    private ResumeState other(String id) {
        cairn.run(world.workflow(), id, "order");
        return world.read(id);
    }

    @Test
    @DisplayName("VER-04 replace of a missing run is refused and creates nothing; delete of one does nothing")
    void missingRunIsRefused() {
        ResumeState state = interrupted();
        runs.delete("r");

        refuses(NoSuchRunException.class, () -> runs.replace(state, state));
        refuses(NoSuchRunException.class, () -> runs.forget("r", "charge"));
        refuses(NoSuchRunException.class, () -> runs.cancel("r"));
        refuses(NoSuchRunException.class, () -> cairn.retry(world.workflow(), "r"));
        refuses(NoSuchRunException.class, () -> cairn.resume(world.workflow(), "r"));

        assertThat(runs.delete(state)).isFalse();
        assertThat(runs.delete("r")).isFalse();
        assertThat(runs.signal("r", "s-1", "approved", "yes")).isEqualTo(Signalled.ABSENT);
    }

    @Test
    @DisplayName("DEL-03 a held run is not deleted, replaced, forgotten in or retried")
    void heldRunIsLeftAlone() {
        ResumeState free = interrupted();
        world.taken("r");

        refuses(RunHeldException.class, () -> runs.delete("r"));
        refuses(RunHeldException.class, () -> runs.delete(free));
        refuses(RunHeldException.class, () -> runs.replace(free, free));
        refuses(RunHeldException.class, () -> runs.forget("r", "charge"));
        refuses(RunHeldException.class, () -> cairn.run(world.workflow(), "r", "order"));
        refuses(NotPossibleException.class, () -> cairn.retry(world.workflow(), "r"));
    }

    @Test
    @DisplayName("SIG-07 replace and delete are refused if a signal came since the run was read")
    void signalSinceIsAConflict() {
        ResumeState before = interrupted();
        runs.signal("r", "s-1", "approved", "yes");
        ResumeState with = world.read("r");

        assertThatThrownBy(() -> runs.delete(before)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> runs.replace(before, before)).isInstanceOf(ConflictException.class);

        assertThat(world.read("r").messages()).isEqualTo(with.messages());
        assertThat(world.read("r").steps()).isEqualTo(with.steps());
        assertThat(runs.delete("r")).isTrue();
    }

    @Test
    @DisplayName("DEL-01, DEL-02 a deleted run is gone from every read, and its id can be used anew, with other keys")
    void deletedRunIsGone() {
        completed();

        assertThat(runs.delete("r")).isTrue();

        assertThat(runs.read("r")).isEmpty();
        assertThat(runs.list(RunQuery.all().build()).runs()).isEmpty();
        cairn.run(world.workflow(), "r", "another order");
        assertThat(new HashSet<>(world.ran("r", "charge"))).hasSize(2);
    }

    @Test
    @DisplayName("CANCEL-01 a cancel tells how the run ended, and an ended run stays as it ended")
    void cancelTellsTheEnd() {
        ResumeState ended = completed();

        assertThat(runs.cancel("r")).isEqualTo(RunStatus.COMPLETED);

        assertThat(world.read("r")).isEqualTo(ended);
        Operation.interrupted(world, process("s"), "book");
    }

    private Cairn process(String ignored) {
        runs.delete("r");
        return cairn;
    }

    @Test
    @DisplayName("RUN-10 forget removes the step and all after it, keeps them in the history and raises their rounds")
    void forgetKeepsHistory() {
        interrupted();

        runs.forget("r", "reserve");

        ResumeState state = world.read("r");
        assertThat(state.steps()).extracting(StepRecord::key).containsExactly("charge");
        assertThat(state.history()).extracting(StepRecord::key).containsExactlyInAnyOrder("reserve", "pack");
        cairn.resume(world.workflow(), "r");
        assertThat(world.read("r").step("pack").orElseThrow().round()).isEqualTo(1);
        assertThat(world.read("r").step("book").orElseThrow().round()).isZero();
        assertThat(new HashSet<>(world.ran("r", "reserve"))).hasSize(2);
    }

    @Test
    @DisplayName("ERR-04 forget is refused in a completed or cancelled run, and for a step that is not recorded")
    void forgetIsRefused() {
        interrupted();
        refuses(NotPossibleException.class, () -> runs.forget("r", "mail"));
        refuses(IllegalArgumentException.class, () -> runs.forget("r", ""));

        completed();
        refuses(NotPossibleException.class, () -> runs.forget("r", "charge"));
        refuses(NotPossibleException.class, () -> cairn.retry(world.workflow(), "r"));
    }

    @Test
    @DisplayName("ERR-04 retry reopens a failed run at the step that failed it; before, it returns the same failure")
    void retryReopens() {
        failed();
        assertThatThrownBy(() -> cairn.run(world.workflow(), "r", "order")).isInstanceOf(StepFailedException.class);

        assertThat(cairn.retry(world.workflow(), "r")).isEqualTo("charge of order, book of order");

        assertThat(world.ran("r", "charge")).hasSize(1);
        assertThat(new HashSet<>(world.ran("r", "book"))).hasSize(2);
        assertThat(world.read("r").history()).extracting(StepRecord::key).containsExactly("book");
        assertThat(world.read("r").revision())
                .isNotEqualTo(new Revision(world.read("r").revision().incarnation(), 0));
    }

    @Test
    @DisplayName("SIG-04 a signal is received once however often it is sent, and an ended run receives none")
    void signalsAreReceivedOnce() {
        interrupted();

        runs.signal("r", "s-1", "approved", "yes");
        runs.signal("r", "s-1", "approved", "yes");
        runs.signal("r", "s-2", "approved", "no");

        assertThat(world.read("r").messages())
                .extracting(received -> received.message().id())
                .containsExactly("s-1", "s-2");
        cairn.resume(world.workflow(), "r");
        assertThat(runs.signal("r", "s-3", "approved", "yes")).isEqualTo(Signalled.ENDED);
    }

    @Test
    @DisplayName(
            "RET-02, RET-04, RET-05 a purge removes ended runs that are old enough, no more than asked, and says if more remain")
    void purgeRemovesOldEndedRuns() {
        interrupted();
        List.of("a", "b", "c").forEach(this::other);
        world.clock().advance(Duration.ofDays(1));
        other("young");

        Purged first = runs.purge(Duration.ofDays(1), 2);
        Purged second = runs.purge(Duration.ofDays(1), 2);

        assertThat(first).isEqualTo(new Purged(2, true));
        assertThat(second).isEqualTo(new Purged(1, false));
        assertThat(runs.list(RunQuery.all().build()).runs())
                .extracting(RunSummary::id)
                .containsExactlyInAnyOrder("young", "r");
    }

    @Test
    @DisplayName("RET-03 ages and limits out of range are refused, and nothing is removed")
    void badAgesAreRefused() {
        completed();

        refuses(IllegalArgumentException.class, () -> runs.purge(Duration.ofMillis(-1), 10));
        refuses(IllegalArgumentException.class, () -> runs.purge(Duration.ofDays(36_501), 10));
        refuses(IllegalArgumentException.class, () -> runs.purge(Duration.ZERO, 0));
        refuses(IllegalArgumentException.class, () -> runs.purge(Duration.ZERO, 1001));

        assertThat(runs.purge(Duration.ofDays(36_500), 10)).isEqualTo(new Purged(0, false));
        assertThat(runs.purge(Duration.ZERO, 10)).isEqualTo(new Purged(1, false));
    }
}
