// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of a recorded history of a run. */
class HistoriesTest {
    private static final Read RUN = new Read("r", new Cursor.Start(), 1 << 20);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final History history = new History();
    private final InMemoryStateStore right = InMemoryStateStore.open();
    private final StateStore a = history.recording("A", right);
    private final StateStore b = history.recording("B", right);

    private static Lease taken(StateStore store, Acquire.Target target) {
        return ((Granted) store.acquire(Requests.acquire("r", target))).lease();
    }

    private static Lease created(StateStore store) {
        return taken(store, new Acquire.Create(Requests.newRun()));
    }

    private static Appended step(StateStore store, Lease lease, long place) {
        return store.append(List.of(Requests.step(lease, place, "a secret"))).get(0);
    }

    private ClauseResult explained(Duration patience) {
        try (KitRun run = new KitRun(MemoryHarness.create(), new Seed(1), Again.of(HistoriesTest.class))) {
            return run.tryOut(
                    ClauseList.all().clause("CONC-01"),
                    OneClause.all().get("CONC-01").getAnnotation(Clause.class),
                    run.trial("CONC-01"),
                    trial -> {
                        trial.explored(1);
                        Histories.isExplained(trial, "r", history.callsOf("r"), patience);
                    });
        }
    }

    @Test
    @DisplayName("calls one after the other are explained, refusals among them")
    void sequential() {
        Lease first = created(a);
        step(a, first, 1);
        a.signal("r", Requests.message("m", "go"));
        Lease second = taken(
                b, new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build()));
        step(a, first, 2);
        step(b, second, 3);
        a.acquire(Requests.acquire("r", new Acquire.Take(Condition.open().build())));
        a.read(RUN);

        assertThat(explained(LONG).report()).isEmpty();
        assertThat(explained(LONG).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    @DisplayName("a stale read is named, on a timeline without the calls that have nothing to do with it, or a payload")
    void staleRead() {
        StateStore stale = history.recording("C", new Wrong(right) {
            private final Optional<Page> none = Optional.empty();

            @Override
            public Optional<Page> read(Read request) {
                return none;
            }
        });
        b.read(RUN);
        Lease lease = created(a);
        step(a, lease, 1);
        b.read(RUN);
        stale.read(RUN);
        step(a, lease, 2);

        ClauseResult result = explained(LONG);

        assertThat(result.failedByItsOwnMessage()).isTrue();
        assertThat(result.report())
                .contains("none for C")
                .containsPattern("A +3–4 +acquire \"r\" create → granted")
                .containsPattern("C +9–10 +read \"r\" → no run")
                .doesNotContain("B  ")
                .doesNotContain("place 2")
                .doesNotContain("a secret");
    }

    @Test
    @DisplayName("a lost reply may mean that it was done, and a repeat then finds it")
    void lostReply() {
        StateStore losing = history.recording("C", new Wrong(right) {
            private int calls;

            @Override
            public List<Appended> append(List<Entry> entries) {
                List<Appended> answers = super.append(entries);
                if (calls++ == 0) {
                    throw new OutcomeUnknownException("lost", new IllegalStateException());
                }
                return answers;
            }
        });
        Lease lease = created(a);
        Told first = Told.of(() -> step(losing, lease, 1));
        Appended again = step(losing, lease, 1);
        b.read(RUN);

        assertThat(first.is(OutcomeUnknownException.class)).isTrue();
        assertThat(again).isInstanceOf(Appended.Taken.class);
        assertThat(explained(LONG).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    @DisplayName("where the time is over before an order is found, the clause is inconclusive and says why")
    void late() {
        created(a);

        ClauseResult result = explained(Duration.ofNanos(-1));

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("no order of a history was found or excluded within");
    }
}
