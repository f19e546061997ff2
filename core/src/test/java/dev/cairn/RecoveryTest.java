// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Read;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs that nobody holds any more, runs of many pages, and what cut operations leave behind. */
class RecoveryTest {
    private final World world = new World();
    private final Cairn cairn = world.process();
    private final List<String> ran = new ArrayList<>();

    private Workflow<@Nullable Void, @Nullable Void> named(String name, int version) {
        return Workflow.named(name).version(version).define((run, none) -> {
            run.step("only", step -> {
                ran.add(run.id());
            });
            return null;
        });
    }

    @Test
    @DisplayName("CLAIM-01 recover claims what is due and what was abandoned, once, and says how many")
    void recoverClaimsDueAndAbandoned() {
        cairn.submit(named("one", 1), "submitted", null);
        cairn.submit(named("one", 1), "abandoned", null);
        world.taken("abandoned");

        assertThat(cairn.recover(named("one", 1))).isEqualTo(1);
        world.leasesRunOut();
        assertThat(cairn.recover(named("one", 1))).isEqualTo(1);
        assertThat(cairn.recover(named("one", 1))).isZero();

        assertThat(ran).containsExactly("submitted", "abandoned");
    }

    @Test
    @DisplayName("CLAIM-06 runs of other workflows and versions are left as they are")
    void othersAreLeftAlone() {
        cairn.submit(named("one", 1), "r", null);
        ResumeState before = world.read("r");

        assertThat(cairn.recover(named("other", 1), named("one", 2))).isZero();

        assertThat(world.read("r")).isEqualTo(before);
        assertThat(ran).isEmpty();
    }

    @Test
    @DisplayName("CLAIM-06 a workflow that is given twice, or none, is refused")
    void badWorkflowsAreRefused() {
        assertThatThrownBy(() -> cairn.recover(named("one", 1), named("one", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one");
        assertThatThrownBy(cairn::recover).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName(
            "CLAIM-05 a transient error delays the run by the store's clock, and after five without progress it is blocked")
    void delaysGrowAndEnd() {
        world.tiring("charge");
        cairn.submit(world.workflow(), "r", "order");
        List<Long> claimedAfter = new ArrayList<>();

        for (int seconds = 0; seconds < 100; seconds++) {
            if (cairn.recover(world.workflow()) == 1) {
                claimedAfter.add((long) seconds);
            }
            world.clock().advance(Duration.ofSeconds(1));
        }

        assertThat(world.status("r")).isEqualTo(RunStatus.BLOCKED);
        assertThat(world.read("r").attempts("charge").count())
                .isEqualTo(claimedAfter.size())
                .isBetween(4L, 5L);
        assertThat(claimedAfter.get(2) - claimedAfter.get(1)).isGreaterThan(claimedAfter.get(1) - claimedAfter.get(0));
    }

    @Test
    @DisplayName(
            "CLAIM-05 a run that diverged is tried again later and then left for a person, with its record as it was")
    void divergedRunsDoNotLoop() {
        Operation.interrupted(world, cairn, "book");
        List<String> recorded = world.recorded("r");
        Workflow<String, String> changed = Workflow.named("fulfil")
                .input(String.class)
                .output(String.class)
                .define((run, order) -> run.step("other", String.class, step -> "x"));

        int claims = 0;
        for (int minutes = 0; minutes < 60; minutes++) {
            claims += cairn.recover(changed);
            world.clock().advance(Duration.ofMinutes(1));
        }

        assertThat(claims).isBetween(1, 5);
        assertThat(world.status("r")).isEqualTo(RunStatus.BLOCKED);
        assertThat(world.recorded("r")).isEqualTo(recorded);
        assertThat(cairn.run(world.workflow(), "r", "order")).isEqualTo("charge of order, book of order");
    }

    @Test
    @DisplayName("PAGE-01 a run larger than a page resumes completely; taken over between two pages it starts nothing")
    void runsOfManyPages() {
        InMemoryStateStore paged =
                InMemoryStateStore.open(StoreOptions.builder().pageBytes(1024).build(), world.clock());
        FaultyStore seen = new FaultyStore(paged);
        assertThatThrownBy(() -> world.process(paged).build().run(many(40, true), "r", null))
                .isInstanceOf(RunInterruptedException.class);
        ran.clear();

        seen.before(() -> world.process(paged).build().runs().cancel("r"), 2);
        RunResult<@Nullable Void> cancelled = world.process(seen).build().execute(many(41, false), "r", null);

        assertThat(seen.requests()).isGreaterThan(2);
        assertThat(cancelled).isInstanceOf(RunResult.Cancelled.class);
        assertThat(ran).isEmpty();
        assertThat(world.process(paged).build().runs().read("r").orElseThrow().steps())
                .hasSize(40);
    }

    @Test
    @DisplayName("PAGE-01 every step of a run of many pages is replayed")
    void everyPageIsReplayed() {
        InMemoryStateStore paged =
                InMemoryStateStore.open(StoreOptions.builder().pageBytes(1024).build(), world.clock());
        assertThatThrownBy(() -> world.process(paged).build().run(many(40, true), "r", null))
                .isInstanceOf(RunInterruptedException.class);
        ran.clear();

        world.process(paged).build().run(many(41, false), "r", null);

        assertThat(ran).containsExactly("step:40");
    }

    private Workflow<@Nullable Void, @Nullable Void> many(int steps, boolean thenTired) {
        return Workflow.named("many").define((run, none) -> {
            for (int i = 0; i < steps; i++) {
                run.step(Key.key("step", i), step -> {
                    ran.add(step.key());
                });
            }
            if (thenTired) {
                throw new java.io.IOException("try again");
            }
            return null;
        });
    }

    @Test
    @DisplayName("SNAP-05, R7 what a cut save left is gone after a purge past the fence time, and its id is free")
    void purgeGivesUpCutSaves() {
        Operation.interrupted(world, cairn, "book");
        ResumeState state = world.read("r");
        World other = new World();
        Cairn dies = other.process(new FaultyStore(other.store()).failing(Fault.DEATH_AFTER, 2))
                .build();
        assertThatThrownBy(() -> dies.runs().save(state)).isInstanceOf(FaultyStore.Death.class);

        other.process().runs().purge(Duration.ofHours(1), 10);
        assertThatThrownBy(() -> other.process().runs().save(state)).isInstanceOf(RunHeldException.class);
        other.clock().advance(Duration.ofHours(2));
        other.process().runs().purge(Duration.ofHours(1), 10);

        assertThat(other.store().read(new Read("r", new Cursor.Start(), 1000))).isEmpty();
        other.process().runs().save(state);
        assertThat(other.read("r").isSameRunAs(state)).isTrue();
    }

    @Test
    @DisplayName("SNAP-05, R8 what a cut replace left is swept past the fence time, and the run goes on as it was")
    void purgeSweepsCutReplaces() {
        Operation.interrupted(world, cairn, "book");
        ResumeState state = world.read("r");
        Cairn dies = world.process(new FaultyStore(world.store()).failing(Fault.DEATH_AFTER, 4))
                .build();
        assertThatThrownBy(() -> dies.runs().replace(state, state)).isInstanceOf(FaultyStore.Death.class);
        assertThat(beside()).hasSize(1);

        world.clock().advance(Duration.ofHours(2));
        cairn.runs().purge(Duration.ofDays(1), 10);

        assertThat(beside()).isEmpty();
        assertThat(world.recorded("r"))
                .isEqualTo(state.steps().stream().map(s -> s.key()).toList());
        assertThat(cairn.resume(world.workflow(), "r")).isEqualTo("charge of order, book of order");
    }

    private java.util.Set<dev.cairn.spi.Incarnation> beside() {
        return world.store()
                .read(new Read("r", new Cursor.Start(), 1000))
                .orElseThrow()
                .head()
                .beside()
                .keySet();
    }

    @Test
    @DisplayName("VER-02 a takeover leaves a grant in the journal and the revision as it was")
    void takeoverLeavesAGrant() {
        Operation.interrupted(world, cairn, "book");
        ResumeState before = world.read("r");

        world.taken("r");

        assertThat(world.read("r").revision()).isEqualTo(before.revision());
        assertThat(world.store()
                        .read(new Read("r", new Cursor.Start(), 1 << 20))
                        .orElseThrow()
                        .entries())
                .filteredOn(entry -> entry.kind() == EntryKind.GRANT)
                .hasSize(2);
    }
}
