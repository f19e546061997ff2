// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All pages of a run, one after the other. */
record Paged(List<Entry> entries, List<Received> messages, List<Page> pages) {
    /** More than any run here has, so that pages without an end come to one. */
    private static final int MOST = 200;

    static Paged all(Instance who, String runId, int bytes, Runnable between) {
        List<Page> pages = new ArrayList<>();
        Optional<Page> page = who.store().read(new Read(runId, new Cursor.Start(), bytes));
        while (page.isPresent() && pages.size() < MOST) {
            pages.add(page.get());
            Optional<Cursor.After> next = page.get().next();
            between.run();
            page = next.flatMap(cursor -> who.store().read(new Read(runId, cursor, bytes)));
        }
        return new Paged(
                pages.stream().flatMap(p -> p.entries().stream()).toList(),
                pages.stream().flatMap(p -> p.messages().stream()).toList(),
                pages);
    }

    boolean isFull() {
        return pages.stream()
                .noneMatch(p -> p.entries().isEmpty() && p.messages().isEmpty());
    }

    Set<Incarnation> incarnations() {
        return entries.stream().map(entry -> entry.lease().incarnation()).collect(Collectors.toSet());
    }
}
