// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Due;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** LIST: what is listed, and in which order. */
interface ListClauses extends KitClauses {
    @Clause(
            id = "LIST-03",
            must = "The order MUST be newest creation first, then id in UTF-8 byte order: total, stable, the same on"
                    + " every store",
            why = "pages of runs that were created together overlap, and two stores list the same runs differently",
            usualFix = "compare ids by bytes (a binary collation), not by the database's or Java's order of text")
    default void list_03_newestFirstThenIdByBytes(Trial trial) {
        Instance a = trial.open("A");
        List<String> same = List.of("\uFF5E", "b", "\uD83D\uDE00", "B", "\u00e9", "a", "_", "a!", "aa");
        a.createFree("older");
        trial.pass(Duration.ofMillis(2));
        for (String id : same) {
            a.createFree(id);
            Listings.level(trial, a, same.get(0), id);
        }
        trial.pass(Duration.ofMillis(2));
        a.createFree("newer");

        List<Head> heads = new ArrayList<>();
        same.forEach(id -> heads.add(a.head(id)));
        heads.add(a.head("older"));
        heads.add(a.head("newer"));
        List<String> expected =
                Listings.ids(heads.stream().sorted(Listings.ORDER).toList());
        a.free(a.take("B").lease());
        for (Instance who : trial.sameOtherReopened(a)) {
            trial.equal("the order is", expected, Listings.ids(who.listed(RunQuery.all())));
            trial.equal(
                    "in pages of 2 the order is",
                    expected,
                    Listings.ids(who.listed(RunQuery.all().limit(2))));
        }
    }

    @Clause(
            id = "LIST-06",
            must = "Filters (status, workflow, label, half-open time range, literal prefix) MUST return exactly the"
                    + " runs whose head matches, combined by AND, before paging",
            why = "an operator who cancels what a filter shows cancels other runs too",
            usualFix =
                    "compare labels, ids and workflows as literal text, ranges half-open, and all of it before the page"
                            + " is cut")
    default void list_06_filtersGiveWhatMatches(Trial trial) {
        Instance a = trial.open("A");
        Random random = trial.random();
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = Filter.pick(random, Filter.TEXTS) + i;
            become(random, a, id);
            trial.pass(Duration.ofMillis(random.nextInt(2)));
            a.find(id).map(Seen::head).ifPresent(heads::add);
        }
        heads.sort(Listings.ORDER);

        for (Filter filter : Filter.alone()) {
            matches(trial, a, heads, List.of(filter));
        }
        for (int i = 0; i < 60; i++) {
            matches(trial, a, heads, asked(Filter.draw(random, heads)));
        }
    }

    private static void matches(Trial trial, Instance on, List<Head> heads, List<Filter> filters) {
        RunQuery.Builder query = RunQuery.all().limit(1 + trial.random().nextInt(6));
        filters.forEach(filter -> filter.ask().accept(query));
        List<Head> expected = heads.stream()
                .filter(head ->
                        filters.stream().allMatch(filter -> filter.holds().test(head)))
                .toList();
        String words = filters.stream().map(Filter::words).collect(Collectors.joining(" and "));
        trial.equal("with " + words + " there are", Listings.ids(expected), Listings.ids(on.listed(query)));
    }

    /** Of two of a kind the builder keeps the later one, but for labels. */
    private static List<Filter> asked(List<Filter> filters) {
        Map<String, Filter> last = new TreeMap<>();
        for (Filter filter : filters) {
            boolean label = filter.words().startsWith("label");
            last.put(label ? filter.words() : filter.words().split(" ", 2)[0], filter);
        }
        return List.copyOf(last.values());
    }

    /** A run with labels, in one of the states that a run may be in. */
    private static void become(Random random, Instance on, String id) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            labels.put(Filter.pick(random, Filter.TEXTS), Filter.pick(random, Filter.TEXTS));
        }
        RunStatus arrival = random.nextInt(8) == 0 ? RunStatus.ARRIVING : RunStatus.READY;
        String workflow = Filter.pick(random, Filter.WORKFLOWS);
        Lease lease = on.create(id, Requests.newRun(workflow, Labels.of(labels), arrival))
                .lease();
        switch (arrival == RunStatus.ARRIVING ? 5 : random.nextInt(6)) {
            case 0 -> on.free(lease);
            case 1 ->
                Instance.done(on.end(lease, 1, Filter.pick(random, List.of(RunStatus.COMPLETED, RunStatus.FAILED))));
            case 2 -> {
                on.free(lease);
                on.delete(id);
            }
            case 3 -> Instance.done(on.suspend(lease, 1, Optional.empty(), 0, "go"));
            case 4 ->
                Instance.done(on.store()
                        .settle(Settle.of(
                                lease, HeadChange.blocked("why", Due.never()).build())));
            default -> {} // stays held
        }
    }

    @Clause(
            id = "LIST-09",
            must = "With a worker running, a listing MUST agree with the journals within one lease; labels and"
                    + " changed-at move only with a settle, never per step or heartbeat",
            why = "people decide by listings: what they show must be so, and every step that moves them costs",
            usualFix = "write status, labels and changed-at in settle, in one transaction with its entry; nowhere else")
    default void list_09_agreesWithJournals(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        Head created = agrees(trial, b, RunStatus.RUNNING);

        trial.pass(Duration.ofMillis(3));
        trial.that(a.step(lease, 1, "pay") instanceof Appended.Written, "the step to be written", "another answer");
        stays(trial, b, created, "a step");
        a.renew(lease, Requests.LASTING);
        stays(trial, b, created, "a heartbeat");
        a.signal("r", Requests.message("m", "approved"));
        stays(trial, b, created, "a signal");

        HeadChange labelled = HeadChange.ready(Due.now())
                .labels(Labels.of(Map.of("tier", "gold")))
                .build();
        Instance.done(a.store().settle(Settle.of(lease, labelled)));
        Head settled = agrees(trial, b, RunStatus.READY);
        trial.equal(
                "labels of the settle:",
                Map.of("tier", "gold"),
                settled.labels().all());
        trial.that(settled.changed().isAfter(created.changed()), "changed-at to move with a settle", settled.changed());
        Lease second = a.take("r").lease();
        stays(trial, b, settled, "a takeover");
        agrees(trial, b, RunStatus.RUNNING);
        Instance.done(a.suspend(second, 3, Optional.empty(), 1, "go"));
        agrees(trial, b, RunStatus.SUSPENDED);
        a.signal("r", Requests.message("n", "go"));
        Settled end = a.end(a.take("r").lease(), 5, RunStatus.COMPLETED);
        trial.is(Settled.Done.class, "the end to be settled", end);
        agrees(trial, b, RunStatus.COMPLETED);
    }

    /** The run as it is listed: with this status, by filter too, and as its journal says. */
    private static Head agrees(Trial trial, Instance on, RunStatus status) {
        List<Head> listed = on.listed(RunQuery.all());
        trial.equal("listed is", List.of("r"), Listings.ids(listed));
        trial.equal("the status listed is", status, listed.get(0).shownStatus());
        trial.equal(
                "listed by its status is",
                List.of("r"),
                Listings.ids(on.listed(RunQuery.all().status(status))));
        Seen seen = on.read("r");
        trial.equal("the head read is that listed:", listed.get(0), seen.head());
        trial.equal(
                "an end in the journal:", status.isTerminal(), seen.fold().end().isPresent());
        boolean waits =
                seen.fold().suspension().isPresent() && seen.head().lease().isEmpty();
        trial.equal("a suspension in the journal:", status == RunStatus.SUSPENDED, waits);
        return listed.get(0);
    }

    private static void stays(Trial trial, Instance on, Head before, String after) {
        Head now = on.listed(RunQuery.all()).get(0);
        trial.equal("changed-at after " + after + " is", before.changed(), now.changed());
        trial.equal("labels after " + after + " are", before.labels(), now.labels());
    }
}
