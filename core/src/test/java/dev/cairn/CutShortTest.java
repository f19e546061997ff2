// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.FaultyStore.Fault;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.SplitInMemoryStore.Gate.When;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of an operation of several requests when the store cannot be reached for the last of them. */
class CutShortTest {
    private static final Workflow<String, String> WORKFLOW = Workflow.named("flow")
            .input(String.class)
            .output(String.class)
            .define((run, input) -> run.step("one", String.class, step -> "done"));

    private final InMemoryStateStore store = InMemoryStateStore.open();

    @Test
    @DisplayName("CRASH-01 a delete whose run is gone does not say that nothing was changed")
    void deletedIsNotUnavailable() {
        isHonest((cairn, id) -> cairn.runs().delete(id));
    }

    @Test
    @DisplayName("CRASH-01 a purge that has removed a run does not say that nothing was changed")
    void purgedIsNotUnavailable() {
        isHonest((cairn, id) -> cairn.runs().purge(Duration.ZERO, 10));
    }

    private void isHonest(BiConsumer<Cairn, String> operation) {
        Throwable thrown = new AssertionError("not tried");
        int points = 0;
        for (int request = 1; thrown != null; request++) {
            String id = "r" + request;
            Cairn.using(store).run(WORKFLOW, id, "in");
            FaultyStore faulty = new FaultyStore(store).failing(Fault.UNAVAILABLE, request);
            thrown = catchThrowable(() -> operation.accept(Cairn.using(faulty), id));
            if (thrown != null) {
                points++;
                assertThat(thrown)
                        .as("request " + request)
                        .isInstanceOf(isThere(id) ? StoreUnavailableException.class : OutcomeUnknownException.class);
            }
        }
        assertThat(points).isGreaterThan(2);
    }

    private boolean isThere(String id) {
        return Cairn.using(store).runs().read(id).isPresent();
    }

    @Test
    @DisplayName("SNAP-01 a read on a split store that meets a restore sees the old run or the new one, not none")
    void readMeetsRestore() {
        SplitInMemoryStore split = SplitInMemoryStore.open(StoreOptions.defaults(), MovableClock.create());
        Cairn.using(split).run(WORKFLOW, "r", "in");
        ResumeState saved = Cairn.using(split).runs().read("r").orElseThrow();
        AtomicBoolean met = new AtomicBoolean();
        StateStore reading = split.reopened((request, when) -> {
            if (request.equals("ReadEntries") && when == When.BEFORE && met.compareAndSet(false, true)) {
                Cairn.using(split).runs().replace(saved, saved);
            }
        });

        Optional<Page> page = reading.read(new Read("r", new Cursor.Start(), 1 << 20));

        assertThat(met).isTrue();
        assertThat(page).isPresent();
        assertThat(page.get().head().incarnation())
                .isNotEqualTo(saved.revision().incarnation());
    }
}
