// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static dev.cairn.spi.SplitScripts.SIGNAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.SplitExplorer.Result;
import dev.cairn.spi.SplitExplorer.Universe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tries every interleaving of two operations of core on a split store, with deaths, expiries and late copies. */
class SplitExplorationTest {
    /** An operation, as the party of this name does it on this start state. */
    private interface Operation extends BiFunction<String, SplitKnown, SplitScripts.Script> {}

    private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("create", (name, start) -> SplitScripts.create(name, "of " + name));
        OPERATIONS.put("create twice", (name, start) -> SplitScripts.createTwice(name, "of " + name));
        OPERATIONS.put("import", (name, start) -> SplitScripts.importRun(name, "of " + name));
        OPERATIONS.put("end", (name, start) -> SplitScripts.takeStepAndEnd(name));
        OPERATIONS.put("end twice", (name, start) -> SplitScripts.takeTwiceStepAndEnd(name));
        OPERATIONS.put("fail", (name, start) -> SplitScripts.takeAndFail(name));
        OPERATIONS.put("suspend", (name, start) -> SplitScripts.takeAndWait(name, Optional.empty(), SIGNAL));
        OPERATIONS.put("sleep", (name, start) -> SplitScripts.takeAndWait(name, Optional.of(SplitScripts.DUE)));
        OPERATIONS.put("claim", (name, start) -> SplitScripts.claimAndGoOn(name));
        OPERATIONS.put("cancel", (name, start) -> SplitScripts.cancel(name));
        OPERATIONS.put("signal", (name, start) -> SplitScripts.signal("from " + name));
        OPERATIONS.put("retry", (name, start) -> SplitScripts.retry(name));
        OPERATIONS.put("retry and release", (name, start) -> SplitScripts.retryAndRelease(name));
        OPERATIONS.put("delete", (name, start) -> SplitScripts.delete(name, SplitStarts.revision(start)));
        OPERATIONS.put("delete as read", (name, start) -> SplitScripts.deleteAsRead(name));
        OPERATIONS.put("restore", (name, start) -> SplitScripts.restore(name, SplitStarts.revision(start)));
        OPERATIONS.put("release", (name, start) -> SplitScripts.takeStepAndRelease(name));
        OPERATIONS.put("purge", (name, start) -> SplitScripts.purge());
    }

    private static List<Universe> pairs(String state, SplitKnown start, String... names) {
        List<Universe> universes = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            for (int j = i; j < names.length; j++) {
                universes.add(Universe.of(
                        state + ": " + names[i] + " + " + names[j],
                        start,
                        OPERATIONS.get(names[i]).apply("A", start),
                        OPERATIONS.get(names[j]).apply("B", start)));
            }
        }
        return universes;
    }

    private static void explore(long leastStates, List<Universe> universes) {
        List<Result> results =
                universes.parallelStream().map(SplitExplorer::explore).toList();

        long states = results.stream().mapToLong(Result::states).sum();
        System.out.printf(
                "split protocol: %d pairs, %,d states, %,d requests, %.3g interleavings, largest %s%n",
                results.size(),
                states,
                results.stream().mapToLong(Result::requests).sum(),
                results.stream().mapToDouble(Result::interleavings).sum(),
                results.stream()
                        .max(java.util.Comparator.comparingLong(Result::states))
                        .map(r -> r.name() + " (" + r.states() + ")")
                        .orElse("none"));
        assertThat(results.stream().flatMap(r -> r.violation().stream()).findFirst())
                .isEmpty();
        assertThat(states).isGreaterThan(leastStates);
    }

    @Test
    @DisplayName("RUN-17 VER-01 whoever creates or imports a run, and dies, and is late, one of them wins")
    void creating() {
        List<Universe> universes = new ArrayList<>();
        universes.addAll(pairs("absent", SplitStarts.absent(), "create", "create twice", "import", "signal", "claim"));
        universes.addAll(pairs("arriving", SplitStarts.arriving(), "create", "import", "claim", "cancel", "signal"));

        explore(100_000, universes);
    }

    @Test
    @DisplayName("RUN-17 LEASE-15 CANCEL-01 two operations on a run that is ready leave what was acknowledged")
    void ready() {
        List<Universe> universes = new ArrayList<>();
        universes.addAll(pairs(
                "ready",
                SplitStarts.ready(),
                "create",
                "end",
                "suspend",
                "claim",
                "cancel",
                "signal",
                "delete",
                "restore",
                "release"));
        universes.addAll(
                pairs("with a step", SplitStarts.readyWithStep(), "fail", "delete as read", "restore", "sleep"));

        explore(100_000, universes);
    }

    @Test
    @DisplayName("RUN-17 SIG-02 SIG-06 SIG-07 a run that waits is woken by what was acknowledged, and by nothing else")
    void waiting() {
        List<Universe> universes = new ArrayList<>();
        universes.addAll(
                pairs("waiting", SplitStarts.waiting(), "suspend", "claim", "cancel", "signal", "delete", "restore"));
        pairs("sleeping", SplitStarts.sleeping(), "sleep", "claim", "cancel", "signal", "delete")
                .forEach(universe -> universes.add(universe.with(0, List.of(SplitScripts.DUE))));

        explore(100_000, universes);
    }

    @Test
    @DisplayName("RUN-17 ERR-04 RET-05 an ended run stays ended but for a retry, and is not purged under its holder")
    void ended() {
        List<Universe> universes = new ArrayList<>();
        universes.addAll(pairs(
                "failed",
                SplitStarts.failed(),
                "retry",
                "retry and release",
                "claim",
                "cancel",
                "signal",
                "delete",
                "restore",
                "purge",
                "create"));
        universes.addAll(
                pairs("completed", SplitStarts.completed(), "claim", "signal", "delete", "restore", "purge", "create"));

        explore(100_000, universes);
    }

    @Test
    @DisplayName("RUN-17 LEASE-02 CLAIM-04 a run whose holder died is taken over with every acknowledged step")
    void abandoned() {
        explore(
                100_000,
                pairs("abandoned", SplitStarts.abandoned(), "end", "claim", "cancel", "signal", "delete", "restore"));
    }

    @Test
    @DisplayName("SNAP-05 a sweep past the fence time does not harm a restore under way")
    void sweeping() {
        SplitKnown start = SplitStarts.readyWithStep();
        SplitScripts.Script restore = SplitScripts.restore("A", SplitStarts.revision(start));

        explore(
                1_000,
                List.of(Universe.of("restore + sweep", start, restore, SplitScripts.sweep())
                        .with(0, List.of(SplitScripts.PAST_FENCES))));
    }
}
