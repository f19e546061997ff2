// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListTest {
    /** All pages of a run. */
    static List<Page> pages(StateStore store, String runId, int maxBytes) {
        List<Page> pages = new ArrayList<>();
        Optional<? extends Cursor> next = Optional.of(new Cursor.Start());
        while (next.isPresent()) {
            Page page = store.read(new Read(runId, next.get(), maxBytes)).orElseThrow();
            pages.add(page);
            next = page.next();
        }
        return pages;
    }

    private static List<String> all(StateStore store, RunQuery.Builder query) {
        List<String> ids = new ArrayList<>();
        RunPage page = store.list(query.build());
        ids.addAll(StoreClauses.ids(page.runs()));
        while (page.next().isPresent()) {
            page = store.list(query.after(page.next().get()).build());
            ids.addAll(StoreClauses.ids(page.runs()));
        }
        return ids;
    }

    @OnBothForms
    @DisplayName("LIST-01 LIST-05 every page size returns each run once and says where the end is")
    void everyPageSize(Pair pair) {
        for (int i = 0; i < 7; i++) {
            Sent.create(pair.store(), "r" + i);
            pair.clock().advance(Duration.ofMillis(i % 2));
        }

        for (int size = 1; size <= 8; size++) {
            List<String> ids = all(pair.store(), RunQuery.all().limit(size));

            assertThat(ids).hasSize(7).doesNotHaveDuplicates();
        }
        assertThat(pair.store().list(RunQuery.all().limit(7).build()).next()).isEmpty();
        assertThat(pair.store().list(RunQuery.all().prefix("none").build()).runs())
                .isEmpty();
    }

    @OnBothForms
    @DisplayName("LIST-02 LIST-07 inserts, deletes and changes between pages neither skip nor repeat an untouched run")
    void changesBetweenPages(Pair pair) {
        List<String> ids = List.of("a", "b", "c", "d", "e", "f");
        ids.forEach(id -> Sent.create(pair.store(), id));
        RunPage first = pair.store().list(RunQuery.all().limit(3).build());
        Sent.create(pair.other(), "aa");
        Sent.create(pair.other(), "dd");
        Granted gone = (Granted) pair.other()
                .acquire(Sent.acquire(
                        "b",
                        new Acquire.Take(dev.cairn.spi.Condition.open()
                                .over(dev.cairn.spi.Condition.Over.LIVE)
                                .build())));
        pair.other().settle(Settle.of(gone.lease(), HeadChange.gone(0).build()));

        RunPage second = pair.store()
                .list(RunQuery.all().limit(3).after(first.next().orElseThrow()).build());

        assertThat(StoreClauses.ids(first.runs())).containsExactly("a", "b", "c");
        assertThat(StoreClauses.ids(second.runs())).containsExactly("d", "dd", "e");
    }

    @OnBothForms
    @DisplayName("LIST-03 newest creation first, then the id in UTF-8 byte order, which is not UTF-16's")
    void orderIsUtf8(Pair pair) {
        Sent.create(pair.store(), "old");
        pair.clock().advance(Duration.ofMillis(1));
        List.of("\ud83d\ude00", "\uffee", "b", "a", "B").forEach(id -> Sent.create(pair.store(), id));

        List<String> ids = all(pair.other(), RunQuery.all().limit(2));

        assertThat(ids).containsExactly("B", "a", "b", "\uffee", "\ud83d\ude00", "old");
    }

    @Test
    @DisplayName("LIST-04 a page token works on another instance; a damaged or foreign one is refused")
    void pageTokens() {
        InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());
        List.of("a", "b").forEach(id -> Sent.create(store, id));
        String token = store.list(RunQuery.all().limit(1).build()).next().orElseThrow();
        InMemoryStateStore elsewhere =
                store.reopened(StoreOptions.builder().namespace("other").build());
        RunQuery same = RunQuery.all().limit(1).after(token).build();
        RunQuery other = RunQuery.all().prefix("a").after(token).build();
        RunQuery damaged = RunQuery.all().after(token + "x").build();

        assertThat(StoreClauses.ids(store.reopened().list(same).runs())).containsExactly("b");
        assertThatThrownBy(() -> elsewhere.list(same)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.list(other)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.list(damaged)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void create(Pair pair, String id, String workflow, Map<String, String> labels) {
        NewRun run = new NewRun(workflow, 1, Incarnation.random(), Labels.of(labels), RunStatus.READY, Sent.GRANT, 0);
        pair.store().acquire(Sent.acquire(id, new Acquire.Create(run)));
    }

    @OnBothForms
    @DisplayName("LIST-06 filters return exactly the runs whose head matches, combined by AND")
    void filters(Pair pair) {
        Instant start = pair.clock().instant();
        create(pair, "a1", "ship", Map.of("customer", "7", "tier", "gold"));
        create(pair, "a2", "ship", Map.of("customer", "7"));
        create(pair, "b1", "bill", Map.of("customer", "7"));
        pair.clock().advance(Duration.ofSeconds(1));
        create(pair, "a3", "ship", Map.of("customer", "8"));

        assertThat(all(pair.store(), RunQuery.all().workflow("ship").label("customer", "7")))
                .containsExactly("a1", "a2");
        assertThat(all(pair.store(), RunQuery.all().label("customer", "7").label("tier", "gold")))
                .containsExactly("a1");
        assertThat(all(pair.store(), RunQuery.all().prefix("a").created(start, start.plusSeconds(1))))
                .containsExactly("a1", "a2");
        assertThat(all(pair.store(), RunQuery.all().status(RunStatus.RUNNING).prefix("b")))
                .containsExactly("b1");
        assertThat(all(pair.store(), RunQuery.all().status(RunStatus.READY))).isEmpty();
    }

    @OnBothForms
    @DisplayName("PAGE-01 a run is read in pages of entries and then messages, complete and in order")
    void pagesAreContiguous(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        for (int i = 1; i <= 9; i++) {
            Sent.append(pair.store(), Sent.entry(holder, i, "0123456789".repeat(20)));
            pair.store().signal("r", Sent.message("m" + i));
        }

        for (int bytes : new int[] {1, 300, 1_000, 100_000}) {
            List<Page> pages = pages(pair.other(), "r", bytes);

            assertThat(pages.stream().flatMap(page -> page.entries().stream()))
                    .extracting(entry -> entry.place())
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(pages.stream().flatMap(page -> page.messages().stream()))
                    .extracting(Received::order)
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }
    }

    @OnBothForms
    @DisplayName("PAGE-01 a page of an incarnation that is not the run any more is not given")
    void pageOfAnotherIncarnation(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Sent.append(pair.store(), Sent.entry(holder, 1, "pay"));
        Cursor.After next = pair.store()
                .read(new Read("r", new Cursor.Start(), 1))
                .flatMap(Page::next)
                .orElseThrow();
        pair.store().settle(Settle.of(holder.lease(), HeadChange.gone(0).build()));
        Optional<Page> whileGone = pair.store().read(new Read("r", next, 1));
        Sent.create(pair.store(), "r");

        Optional<Page> ofTheOld = pair.store().read(new Read("r", next, 1));

        assertThat(whileGone).isEmpty();
        assertThat(ofTheOld).isEmpty();
        assertThat(pair.store().read(new Read("none", new Cursor.Start(), 1))).isEmpty();
    }

    @Test
    @DisplayName("SEC-02 namespaces on one storage share nothing")
    void namespacesAreApart() {
        InMemoryStateStore a = InMemoryStateStore.open(MovableClock.create());
        InMemoryStateStore ab =
                a.reopened(StoreOptions.builder().namespace("DEFAULT").build());
        Sent.create(a, "r");

        List<Head> there = ab.list(RunQuery.all().build()).runs();

        assertThat(there).isEmpty();
        assertThat(Sent.create(ab, "r").page().entries()).hasSize(1);
        assertThat(Sent.read(a, "r").entries()).hasSize(1);
    }
}
