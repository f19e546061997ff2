// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

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
}
