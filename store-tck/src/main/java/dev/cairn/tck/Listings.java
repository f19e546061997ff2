// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Head;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StateStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Listings, read to their end. */
final class Listings {
    private static final int MOST_PAGES = 1_000;

    /** The order of a listing: the newest creation first, then the id by its UTF-8 bytes. */
    static final Comparator<Head> ORDER =
            Comparator.comparing(Head::created).reversed().thenComparing(Head::runId, Listings::compareUtf8);

    private Listings() {}

    private static int compareUtf8(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** All runs of a query, page after page; a page may be short. */
    static List<Head> all(StateStore store, RunQuery.Builder query) {
        List<Head> all = new ArrayList<>();
        Optional<String> next;
        int pages = 0;
        do {
            RunPage page = store.list(query.build());
            all.addAll(page.runs());
            next = page.next();
            next.ifPresent(query::after);
            if (++pages > MOST_PAGES) {
                throw new ClauseFailed("a listing of " + all.size() + " runs that ends", pages + " pages and no end");
            }
        } while (next.isPresent());
        return all;
    }

    static List<String> ids(List<Head> heads) {
        return heads.stream().map(Head::runId).toList();
    }

    /** Creates runs, some in the same millisecond as the one before: by a clock that stands, or behind the store's back. */
    static void create(Trial trial, Instance on, List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            on.createFree(ids.get(i));
            if (i > 0 && trial.random().nextBoolean()) {
                level(trial, on, ids.get(i - 1), ids.get(i));
            } else {
                trial.pass(Duration.ofMillis(1));
            }
        }
    }

    /** Makes one run created when the other was, where the harness gives raw access. */
    static void level(Trial trial, Instance on, String as, String runId) {
        Duration by = Duration.between(on.head(runId).created(), on.head(as).created());
        if (!by.isZero()) {
            trial.harness().raw().ifPresent(raw -> raw.shiftTimes(trial.env(on), runId, by));
        }
    }
}
