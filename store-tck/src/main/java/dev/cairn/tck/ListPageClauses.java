// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** LIST: pages and their tokens. */
interface ListPageClauses extends KitClauses {
    @Clause(
            id = "LIST-01",
            must = "For every page size 1…n+1, paging MUST return each run that existed throughout exactly once",
            why = "an operator's table misses runs or shows them twice, and a purge never reaches some",
            usualFix = "begin a page behind the creation and the id of the last run of the page before, both of them")
    default void list_01_everyPageSizeGivesEachRunOnce(Trial trial) {
        Instance a = trial.open("A");
        int n = 5 + trial.random().nextInt(4);
        List<String> ids =
                IntStream.range(0, n).mapToObj(i -> (char) ('a' + i) + "-run").toList();
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, trial.random());
        Listings.create(trial, a, shuffled);
        a.createFree("deleted");
        a.delete("deleted");

        List<String> whole = Listings.ids(a.listed(RunQuery.all()));

        trial.equal("in pages of 100 there are", ids, whole.stream().sorted().toList());
        for (int size = 1; size <= n + 1; size++) {
            trial.equal(
                    "in pages of " + size + " there are",
                    whole,
                    Listings.ids(a.listed(RunQuery.all().limit(size))));
        }
    }

    @Clause(
            id = "LIST-02",
            must = "Inserts and deletes between pages MUST NOT cause an untouched run to be skipped or repeated",
            why = "a table that is paged through while the system works loses runs at random",
            usualFix = "page by what the last run was, never by a number of rows to skip")
    default void list_02_comingAndGoingMovesNothing(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        List<String> untouched = List.of("a", "c", "e", "g", "i");
        for (int round = 0; round < 2; round++) {
            List<String> going = new ArrayList<>(List.of("b" + round, "f" + round, "h" + round));
            List<String> all = new ArrayList<>(going);
            all.addAll(round == 0 ? untouched : List.of());
            Collections.shuffle(all, trial.random());
            Listings.create(trial, a, all);

            List<String> seen = new ArrayList<>();
            RunQuery.Builder query = RunQuery.all().limit(1 + trial.random().nextInt(3));
            for (Optional<String> next = Optional.of(""); next.isPresent(); ) {
                RunPage page = a.store().list(query.build());
                seen.addAll(Listings.ids(page.runs()));
                next = page.next();
                next.ifPresent(query::after);
                comeOrGo(trial.random(), b, going, seen.size());
            }
            going.forEach(b::delete);

            for (String id : untouched) {
                trial.equal("listed is " + id + ", times:", 1, Collections.frequency(seen, id));
            }
        }
    }

    private static void comeOrGo(Random random, Instance on, List<String> going, int so) {
        if (!going.isEmpty() && random.nextBoolean()) {
            on.delete(going.remove(random.nextInt(going.size())));
        } else if (so < 30) {
            String id = (char) ('a' + random.nextInt(10)) + "-new-" + so;
            if (on.find(id).isEmpty()) {
                on.createFree(id);
            }
        }
    }

    @Clause(
            id = "LIST-04",
            must = "A page token MUST work on another instance after reopen; a damaged, foreign-namespace or"
                    + " other-query token MUST be rejected as InvalidPageToken",
            why = "a table breaks when its next page is served by another node, or shows runs of another tenant",
            usualFix =
                    "put the place, a digest of namespace and query and a checksum into the token; keep none in memory")
    default void list_04_tokenBelongsToItsQuery(Trial trial) {
        Instance a = trial.open("A");
        List.of("a", "b", "c").forEach(a::createFree);
        RunPage first = a.store().list(RunQuery.all().limit(1).build());
        List<String> all = Listings.ids(a.listed(RunQuery.all()));
        trial.equal("the first page is", all.subList(0, 1), Listings.ids(first.runs()));
        String token =
                first.next().orElseThrow(() -> new ClauseFailed("a token behind the first of three runs", "no token"));

        for (Instance who : trial.sameOtherReopened(a)) {
            List<String> rest = Listings.ids(who.listed(RunQuery.all().limit(2).after(token)));
            trial.equal("behind the token there are", all.subList(1, 3), rest);
        }
        for (String damaged : damaged(token, trial.random())) {
            refusesToken(trial, a, RunQuery.all().limit(1).after(damaged), "damaged");
        }
        Instance elsewhere = trial.open(
                "elsewhere",
                trial.options().namespace(a.options().namespace() + "x").build());
        elsewhere.createFree("a");
        refusesToken(trial, elsewhere, RunQuery.all().limit(1).after(token), "of another namespace");
        for (Consumer<RunQuery.Builder> other : otherQueries()) {
            RunQuery.Builder query = RunQuery.all().limit(1).after(token);
            other.accept(query);
            refusesToken(trial, a, query, "of another query");
        }
    }

    private static void refusesToken(Trial trial, Instance on, RunQuery.Builder query, String of) {
        trial.throwing(
                IllegalArgumentException.class,
                "an IllegalArgumentException: the token is " + of,
                () -> on.store().list(query.build()));
    }

    /** Never the last character alone: some of its bits may mean nothing. */
    private static List<String> damaged(String token, Random random) {
        List<String> damaged = new ArrayList<>(List.of("", "x", "?", token + token, token.substring(1)));
        for (int i = 0; i < 8; i++) {
            int at = random.nextInt(token.length() - 1);
            char other = token.charAt(at) == 'x' ? 'y' : 'x';
            damaged.add(token.substring(0, at) + other + token.substring(at + 1));
        }
        return damaged;
    }

    private static List<Consumer<RunQuery.Builder>> otherQueries() {
        Instant from = Instant.EPOCH;
        Instant to = Instant.parse("2999-01-01T00:00:00Z");
        return List.of(
                query -> query.prefix("a"),
                query -> query.workflow(Requests.WORKFLOW),
                query -> query.label("tier", "gold"),
                query -> query.status(RunStatus.READY),
                query -> query.created(from, to),
                query -> query.changed(from, to),
                query -> query.unchangedFor(Duration.ofMillis(1)),
                query -> query.among(RunQuery.Among.SWEEPABLE));
    }

    @Clause(
            id = "LIST-05",
            must = "Page size ≤0 or above the limit MUST be rejected; a page MUST never exceed the requested size; the"
                    + " end MUST be signalled also when the last page is full; no match MUST be an empty page",
            why = "callers page on for nothing, or get more at once than they can hold",
            usualFix = "ask the database for one run more than the page has, and hand out a token only if it came")
    default void list_05_pagesAreAsLargeAsAskedFor(Trial trial) {
        Instance a = trial.open("A");
        List<String> ids = List.of("a", "b", "c", "d");
        ids.forEach(a::createFree);

        for (int limit : new int[] {0, -1, Integer.MIN_VALUE, RunQuery.MAX_LIMIT + 1, Integer.MAX_VALUE}) {
            trial.throwing(
                    IllegalArgumentException.class,
                    "a page of " + limit + " to be refused",
                    () -> a.store().list(RunQuery.all().limit(limit).build()));
        }
        trial.equal(
                "in pages of 1,000 there are",
                4,
                a.listed(RunQuery.all().limit(RunQuery.MAX_LIMIT)).size());
        for (int limit = 1; limit <= 5; limit++) {
            pagesOf(trial, a, limit, ids.size());
        }
        trial.equal(
                "of a workflow without runs there are",
                List.of(),
                a.listed(RunQuery.all().workflow("none")));
        RunPage none = a.store().list(RunQuery.all().prefix("none").build());
        trial.equal("where no run matches the page has", List.of(), none.runs());
    }

    private static void pagesOf(Trial trial, Instance on, int limit, int runs) {
        RunQuery.Builder query = RunQuery.all().limit(limit);
        Optional<String> next = Optional.of("");
        for (int seen = 0; next.isPresent(); ) {
            RunPage page = on.store().list(query.build());
            seen += page.runs().size();
            next = page.next();
            next.ifPresent(query::after);
            trial.that(page.runs().size() <= limit, "at most " + limit + " runs in a page", page);
            boolean full = page.runs().size() == limit && seen >= runs;
            trial.that(
                    !full || next.isEmpty(), "no token behind the last run, whose page of " + limit + " is full", page);
        }
    }

    @Clause(
            id = "LIST-07",
            must = "A run whose status changes during a scan MUST NOT appear twice",
            why = "whoever sums up or acts on a listing does it twice for the runs that are at work",
            usualFix = "order and page by creation and id, which never change, not by when a run changed")
    default void list_07_changingRunAppearsOnce(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        List<String> ids = List.of("a", "b", "c", "d", "e", "f");
        for (String id : ids) {
            a.createFree(id);
            trial.pass(Duration.ofMillis(2));
        }

        for (RunStatus status : List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.READY)) {
            List<String> seen = new ArrayList<>();
            boolean changed = false;
            RunQuery.Builder query = RunQuery.all().limit(2);
            for (Optional<String> next = Optional.of(""); next.isPresent(); ) {
                RunPage page = a.store().list(query.build());
                seen.addAll(Listings.ids(page.runs()));
                next = page.next();
                next.ifPresent(query::after);
                trial.pass(Duration.ofMillis(2));
                if (!changed && !seen.isEmpty()) {
                    change(b, seen.get(0), status);
                    change(b, unseen(ids, seen), status);
                    changed = true;
                }
            }
            trial.equal("each run is listed once:", ids, seen.stream().sorted().toList());
        }
    }

    private static String unseen(List<String> ids, List<String> seen) {
        return ids.stream().filter(id -> !seen.contains(id)).findFirst().orElseThrow();
    }

    /** Ends a run that is open, or opens one that failed. */
    private static void change(Instance on, String id, RunStatus status) {
        RunStatus is = on.head(id).status();
        if (is == RunStatus.COMPLETED) {
            Granted granted =
                    Instance.granted(on.acquire(id, Condition.openOrEnded().build()));
            on.store().settle(Settle.of(granted.lease(), HeadChange.freed().build()));
            return;
        }
        Granted granted = is == RunStatus.FAILED
                ? Instance.granted(on.acquire(id, Condition.failed().build()))
                : on.take(id);
        if (status.isTerminal()) {
            Instance.done(on.end(granted.lease(), on.read(id).length(), status));
        } else {
            on.free(granted.lease());
        }
    }
}
