// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cairn;
import dev.cairn.Key;
import dev.cairn.Outcome;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.RunExistsException;
import dev.cairn.RunInterruptedException;
import dev.cairn.StepFailure;
import dev.cairn.Workflow;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that are moved between database files, and to memory and back. */
final class MoveTest {
    private final List<StateStore> opened = new ArrayList<>();
    private final Map<String, List<String>> keys = new HashMap<>();

    @TempDir
    private Path folder;

    /** Where a run goes; the first is where it begins. */
    enum Route {
        MEMORY_FILE_MEMORY("", "a.db", ""),
        FILE_MEMORY_FILE("a.db", "", "b.db"),
        FILE_FILE_FILE("a.db", "b.db", "c.db");

        private final String first;
        private final String second;
        private final String third;

        Route(String first, String second, String third) {
            this.first = first;
            this.second = second;
            this.third = third;
        }
    }

    @AfterEach
    void close() {
        opened.forEach(StateStore::close);
    }

    private StateStore open(String file) {
        return file.isEmpty() ? kept(InMemoryStateStore.open()) : open(file, StoreOptions.defaults());
    }

    private StateStore open(String file, StoreOptions options) {
        return kept(
                SqliteStateStore.builder(folder.resolve(file)).options(options).open());
    }

    private StateStore kept(StateStore store) {
        opened.add(store);
        return store;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "MOVE-01, MOVE-05 any run is equal wherever it goes, goes on at the same step, and keys and tokens continue")
    void anyRunIsEqualEverywhere(Route route) {
        StateStore a = open(route.first);
        StateStore b = open(route.second);
        StateStore c = open(route.third);
        Random random = new Random(route.name().hashCode());
        for (int i = 0; i < 12; i++) {
            String runId = "r" + i;
            Workflow<Integer, Integer> workflow = workflow(1 + random.nextInt(8), random.nextInt(9));
            begin(a, workflow, runId, random);
            ResumeState before = read(a, runId);
            long token = token(a, runId);

            assertThat(Cairn.using(a).runs().move(runId, b)).isTrue();
            ResumeState between = read(b, runId);
            assertThat(Cairn.using(b).runs().move(runId, c)).isTrue();

            assertThat(List.of(between, read(c, runId)))
                    .as(before.toString())
                    .allMatch(state -> state.isSameRunAs(before));
            assertThat(token(c, runId)).isGreaterThan(token + 1);
            assertThat(Cairn.using(a).runs().read(runId)).isEmpty();
            assertThat(Cairn.using(b).runs().read(runId)).isEmpty();
            goesOn(c, workflow, runId, before);
        }
    }

    /** Steps of which one fails at the first try, if there are as many, and one fails for good. */
    private Workflow<Integer, Integer> workflow(int steps, int tires) {
        return Workflow.named("sums").input(Integer.class).output(Integer.class).define((run, start) -> {
            int sum = start;
            for (int i = 0; i < steps; i++) {
                sum += step(run, i, i == tires);
            }
            return sum;
        });
    }

    private int step(Run run, int i, boolean tires) {
        Outcome<Integer> outcome = run.tryStep(Key.key("add", i), Integer.class, step -> {
            List<String> begun = keys.computeIfAbsent(run.id() + step.key(), k -> new ArrayList<>());
            begun.add(step.idempotencyKey());
            if (tires && begun.size() == 1) {
                throw new IOException("again");
            }
            if (i == 5) {
                throw new StepFailure("ODD", "five is too much", List.of(i));
            }
            return i;
        });
        return outcome instanceof Outcome.Succeeded<Integer> succeeded ? succeeded.value() : 0;
    }

    private static void begin(StateStore store, Workflow<Integer, Integer> workflow, String runId, Random random) {
        Cairn cairn = Cairn.using(store);
        try {
            cairn.run(workflow, runId, 100);
        } catch (RunInterruptedException tired) {
            int signals = random.nextInt(3);
            for (int i = 0; i < signals; i++) {
                cairn.runs().signal(runId, "s" + i, "approved", "\u00e9\u0000" + i);
            }
            ResumeState state = read(store, runId);
            if (!state.steps().isEmpty() && random.nextBoolean()) {
                cairn.runs().forget(runId, state.steps().get(0).key());
            }
        }
    }

    private void goesOn(StateStore store, Workflow<Integer, Integer> workflow, String runId, ResumeState before) {
        Map<String, List<String>> then = new HashMap<>();
        keys.forEach((key, begun) -> then.put(key, List.copyOf(begun)));

        Cairn.using(store).resume(workflow, runId);

        assertThat(read(store, runId).status()).isEqualTo(RunStatus.COMPLETED);
        before.steps()
                .forEach(step -> assertThat(keys.get(runId + step.key())).isEqualTo(then.get(runId + step.key())));
        long forgotten =
                before.history().stream().map(step -> step.key()).distinct().count();
        long differing = keys.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(runId + "add"))
                .filter(entry -> new HashSet<>(entry.getValue()).size() > 1)
                .count();
        assertThat(differing).isEqualTo(forgotten);
    }

    private static ResumeState read(StateStore store, String runId) {
        return Cairn.using(store).runs().read(runId).orElseThrow();
    }

    private static long token(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 1))
                .orElseThrow()
                .head()
                .token();
    }

    @Test
    @DisplayName("MOVE-04 a refused move leaves both files as they were")
    void refusedMove() {
        StateStore a = open("a.db");
        StateStore b = open("b.db");
        StateStore small =
                open("small.db", StoreOptions.builder().payloadLimit(1 << 10).build());
        Workflow<String, String> echo = Workflow.named("echo")
                .input(String.class)
                .output(String.class)
                .define((run, text) -> run.step("echo", String.class, step -> text));
        Cairn.using(a).run(echo, "r", "x".repeat(2000));
        Cairn.using(b).run(echo, "r", "other");
        ResumeState inA = read(a, "r");
        ResumeState inB = read(b, "r");

        assertThatThrownBy(() -> Cairn.using(a).runs().move("r", b)).isInstanceOf(RunExistsException.class);
        assertThatThrownBy(() -> Cairn.using(a).runs().move("r", small))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContaining("2002")
                .hasMessageContaining("1024");
        assertThatThrownBy(() -> Cairn.using(a).runs().move("r", open("a.db")))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(read(a, "r")).isEqualTo(inA);
        assertThat(read(b, "r")).isEqualTo(inB);
        assertThat(Cairn.using(small).runs().read("r")).isEmpty();
    }
}
