// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StoreOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** What a page of a listing costs, out of few runs and out of many (PERF-02). */
final class OnePage {
    /** Enough to tell what grows with them; the contract's 10,000 take longer to create than a build should. */
    private static final int MANY = Integer.getInteger("tck.listed.runs", 2_000);

    /** To compare with: more than a page, and fewer than anybody fetches at a time. */
    private static final int FEW = MANY / 10;

    private static final int PAGE = 50;
    private static final int WRITERS = 4;

    /** Statements are prepared by then, and pools are full. */
    private static final int WARM = 8;

    /** What a page took. */
    private record Cost(int roundTrips, long bytes) {}

    private final Trial trial;
    private final Instance writer;
    private final Wired reader;

    private OnePage(Trial trial) {
        this.trial = trial;
        String apart = Storages.freshName(); // so that what is counted elsewhere is not slower for it
        StoreOptions options = trial.options().build();
        this.writer = trial.open("writer", apart, options);
        this.reader = trial.wired("reader", apart, options);
    }

    static void costs(Trial trial) {
        OnePage page = new OnePage(trial);
        page.create(0, FEW);
        Map<String, Cost> few = page.listed();
        page.create(FEW, MANY);
        Map<String, Cost> many = page.listed();
        few.forEach((what, cost) -> page.compare(what, cost, Objects.requireNonNull(many.get(what))));
        trial.tried("pages out of " + FEW + " and of " + MANY + " runs", MANY);
    }

    private void compare(String what, Cost few, Cost many) {
        String of = what + " out of " + MANY + " runs ";
        trial.that(
                many.roundTrips() <= few.roundTrips(),
                of + "in " + few.roundTrips() + " round trips, as out of " + FEW,
                many.roundTrips());
        if (trial.facts().nature() == Nature.NETWORKED) {
            trial.that(
                    many.bytes() <= few.bytes() * 110 / 100,
                    of + "in at most 1.1 times the " + few.bytes() + " bytes that it takes out of " + FEW,
                    many.bytes() + " bytes");
        }
    }

    /** Names of one length, several threads: nothing else creates runs faster by the methods of a store. */
    private void create(int from, int to) {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int first = from + i;
            writers.add(() -> {
                IntStream.iterate(first, run -> run < to, run -> run + WRITERS)
                        .forEach(run -> writer.create("run-%06d".formatted(run)));
                return first;
            });
        }
        trial.atOnce(writers);
    }

    private Map<String, Cost> listed() {
        Map<String, Cost> costs = new LinkedHashMap<>();
        costs.put("the first page", cost(RunQuery.all()));
        costs.put("a page of one workflow", cost(RunQuery.all().workflow(Requests.WORKFLOW)));
        RunPage first = reader.who().store().list(RunQuery.all().limit(PAGE).build());
        costs.put("the second page", cost(RunQuery.all().after(first.next().orElseThrow())));
        return costs;
    }

    private Cost cost(RunQuery.Builder query) {
        RunQuery asked = query.limit(PAGE).build();
        for (int i = 0; i < WARM; i++) {
            reader.who().store().list(asked);
        }
        Wire wire = reader.wire();
        long bytes = wire.sent() + wire.received();
        wire.arm(0, Fault.NONE);
        RunPage page = reader.who().store().list(asked);
        int roundTrips = wire.disarm();
        trial.equal("runs of a page:", PAGE, page.runs().size());
        trial.equal(
                "whether there are more:",
                true,
                Optional.of(page).flatMap(RunPage::next).isPresent());
        return new Cost(roundTrips, wire.sent() + wire.received() - bytes);
    }
}
