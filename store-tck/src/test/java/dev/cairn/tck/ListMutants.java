// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Head;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that are wrong about listings. */
final class ListMutants {
    private static final String SQLITE_PAGE = "AND created <= :after AND (created < :after OR run_id > :afterRun)";

    private ListMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(paging());
        all.addAll(tokens());
        all.addAll(filters());
        all.addAll(changes());
        return all;
    }

    private static List<Mutant> paging() {
        return List.of(
                Mutant.core(
                        "LIST-01",
                        "deletes: the id in a page token, of runs that were created together",
                        "spi/RunQuery.java",
                        "return created > 0 || (created == 0 && Names.BY_UTF_8.compare(head.runId(), token.runId()) > 0);",
                        "return created > 0;"),
                Mutant.sqlite(
                        "LIST-01",
                        "repeats the runs that were created with the last one of a page",
                        "SqliteHeads.java",
                        SQLITE_PAGE,
                        "AND created <= :after AND (created < :after OR run_id >= :afterRun)"),
                Mutant.sqlite(
                        "LIST-01",
                        "looks for no run behind the page, and says that it was the last",
                        "SqliteHeads.java",
                        "LIMIT :limit + 1",
                        "LIMIT :limit"),
                Mutant.store("LIST-02", "pages by number of rows", ListMutants::pagingByOffset),
                Mutant.core(
                        "LIST-03",
                        "orders ids as Java orders strings",
                        "spi/RunQuery.java",
                        "thenComparing(Head::runId, Names.BY_UTF_8)",
                        "thenComparing(Head::runId)"),
                Mutant.sqlite(
                        "LIST-03",
                        "orders ids whatever their case",
                        "SqliteHeads.java",
                        "ORDER BY created DESC, run_id LIMIT",
                        "ORDER BY created DESC, run_id COLLATE NOCASE LIMIT"),
                Mutant.sqlite(
                        "LIST-03",
                        "lists the oldest first",
                        "SqliteHeads.java",
                        "ORDER BY created DESC, run_id LIMIT",
                        "ORDER BY created, run_id LIMIT"),
                Mutant.core(
                        "LIST-05",
                        "takes pages of no run and less",
                        "spi/RunQuery.java",
                        "if (value < 1 || value > MAX_LIMIT) {",
                        "if (value > MAX_LIMIT) {"),
                Mutant.core(
                        "LIST-05",
                        "deletes: the limit of a page",
                        "spi/RunQuery.java",
                        "if (value < 1 || value > MAX_LIMIT) {",
                        "if (value < 1) {"),
                Mutant.core(
                        "LIST-05",
                        "hands out the run that it looked ahead for too",
                        "spi/RunQuery.java",
                        "return new RunPage(found.subList(0, limit), ",
                        "return new RunPage(found, "),
                Mutant.core(
                        "LIST-05",
                        "gives a token behind a last page that is full",
                        "spi/RunQuery.java",
                        "if (found.size() <= limit) {",
                        "if (found.size() < limit) {"));
    }

    private static StateStore pagingByOffset(StateStore store) {
        return new Wrong(store) {
            @Override
            public RunPage list(RunQuery query) {
                List<Head> all = right.list(RunQuery.all().limit(1000).build()).runs();
                int from = Math.min(query.after().map(Integer::parseInt).orElse(0), all.size());
                int to = Math.min(from + query.limit(), all.size());
                Optional<String> next = to < all.size() ? Optional.of(String.valueOf(to)) : Optional.empty();
                return new RunPage(
                        all.subList(from, to), next, right.list(query()).storeTime());
            }

            private RunQuery query() {
                return RunQuery.all().limit(1).build();
            }
        };
    }

    private static List<Mutant> tokens() {
        return List.of(
                Mutant.core(
                        "LIST-04",
                        "deletes: the checksum of a page token",
                        "spi/PageToken.java",
                        "if (in.getInt() != crc(in.array(), in.capacity() - 4)) {",
                        "if (in.getInt() == crc(in.array(), in.capacity() - 4) + 1) {"),
                Mutant.core(
                        "LIST-04",
                        "deletes: the namespace in a page token",
                        "spi/PageToken.java",
                        "(namespace + '\\u001f' + query.fingerprint())",
                        "query.fingerprint()"),
                Mutant.core(
                        "LIST-04",
                        "deletes: the query in a page token",
                        "spi/PageToken.java",
                        "(namespace + '\\u001f' + query.fingerprint())",
                        "namespace"),
                Mutant.store("LIST-04", "keeps its page tokens in memory", store -> new Wrong(store) {
                    private final Set<String> given = ConcurrentHashMap.newKeySet();

                    @Override
                    public RunPage list(RunQuery query) {
                        if (query.after().isPresent()
                                && !given.contains(query.after().get())) {
                            return new RunPage(
                                    List.of(),
                                    Optional.empty(),
                                    right.list(first()).storeTime());
                        }
                        RunPage page = super.list(query);
                        page.next().ifPresent(given::add);
                        return page;
                    }

                    private RunQuery first() {
                        return RunQuery.all().limit(1).build();
                    }
                }));
    }

    private static List<Mutant> filters() {
        String and = "&& ";
        return List.of(
                Mutant.core(
                        "LIST-06",
                        "takes the end of a time range in",
                        "spi/RunQuery.java",
                        and + "head.created().isBefore(createdTo)",
                        and + "!head.created().isAfter(createdTo)"),
                Mutant.core(
                        "LIST-06",
                        "deletes: the labels of a filter",
                        "spi/RunQuery.java",
                        and + "head.labels().all().entrySet().containsAll(labels.entrySet())",
                        ""),
                Mutant.sqlite(
                        "LIST-06",
                        "takes a prefix for a pattern",
                        "SqliteHeads.java",
                        "AND substr(run_id, 1, length(:prefix)) = :prefix",
                        "AND run_id LIKE :prefix || '%'"),
                Mutant.sqlite(
                        "LIST-06",
                        "finds a label by its value, whatever its name",
                        "SqliteHeads.java",
                        "WHERE has.key = asked.key AND has.value = asked.value",
                        "WHERE has.value = asked.value"),
                Mutant.sqlite(
                        "LIST-06",
                        "compares the status as stored, so that nothing is running",
                        "SqliteHeads.java",
                        "OR shown IN (SELECT",
                        "OR status IN (SELECT"),
                Mutant.store("LIST-06", "filters by workflow after the page was cut", store -> new Wrong(store) {
                    @Override
                    public RunPage list(RunQuery query) {
                        RunPage page = super.list(query);
                        long cut = query.limit() > 1 && query.workflow().isPresent() ? query.limit() - 1 : 1000;
                        return new RunPage(page.runs().stream().limit(cut).toList(), page.next(), page.storeTime());
                    }
                }));
    }

    private static List<Mutant> changes() {
        return List.of(
                Mutant.sqlite(
                        "LIST-07",
                        "takes every change of a run for its creation",
                        "SqliteHeads.java",
                        "source_token = :sourceToken, changed = :changed\n",
                        "source_token = :sourceToken, changed = :changed, created = :changed\n"),
                Mutant.store("LIST-07", "lists by last change and pages by number of rows", store -> new Wrong(store) {
                    @Override
                    public RunPage list(RunQuery query) {
                        RunPage whole = right.list(RunQuery.all().limit(1000).build());
                        int from = query.after().map(Integer::parseInt).orElse(0);
                        int to = Math.min(from + query.limit(), whole.runs().size());
                        List<Head> page = whole.runs().stream()
                                .sorted(Comparator.comparing(Head::changed))
                                .toList()
                                .subList(from, to);
                        Optional<String> next =
                                to < whole.runs().size() ? Optional.of(String.valueOf(to)) : Optional.empty();
                        return new RunPage(page, next, whole.storeTime());
                    }
                }),
                Mutant.core(
                        "LIST-09",
                        "takes a signal for a change of the run",
                        "spi/HeadRules.java",
                        "head.edit().signals(head.signals() + (isNew ? 1 : 0));",
                        "head.edit().signals(head.signals() + (isNew ? 1 : 0)).changed(now);"),
                Mutant.core(
                        "LIST-09",
                        "takes a heartbeat for a change of the run",
                        "spi/HeadRules.java",
                        ".progress(renewal.progress())",
                        ".progress(renewal.progress()).changed(now)"),
                Mutant.core(
                        "LIST-09",
                        "takes a step for a change of the run",
                        "memory/Transaction.java",
                        "        return new Appended.Written();",
                        "        runs.head(lease.runId()).ifPresent(h -> runs.put(h.edit().changed(now).build()));\n"
                                + "        return new Appended.Written();"),
                Mutant.sqlite(
                        "LIST-09",
                        "deletes: the labels that a settle gives",
                        "SqliteHeads.java",
                        "labels = :labelsJson, progress = :progress,",
                        "progress = :progress,"));
    }
}
