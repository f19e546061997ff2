// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Facts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The certificate as one page for a browser: nothing is loaded, nothing runs, failures come first. */
final class CertificatePage {
    private static final List<Outcome> BAD = List.of(Outcome.FAIL, Outcome.INCONCLUSIVE);

    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #c9372c; --open: #b36b00; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem }
            table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600 }
            td, th { padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } td.k { white-space: nowrap; opacity: .75 }
            pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; white-space: pre-wrap }
            .verdict { display: inline-block; padding: .1rem .7rem; border-radius: 6px; color: #fff; background: var(--open) }
            .PASS { background: var(--good) } .FAIL { background: var(--bad) }
            .pass, .refused-ok { color: var(--good) } .fail { color: var(--bad) } .inconclusive { color: var(--open) }
            .bar { display: flex; height: .7rem; min-width: 8rem; border-radius: 3px; overflow: hidden; background: var(--soft) }
            .bar i { display: block } .bar .pass, .bar .refused-ok { background: var(--good) }
            .bar .fail { background: var(--bad) } .bar .inconclusive { background: var(--open) }
            .small { opacity: .75; font-size: .9em }
            """;

    private final KitRun run;
    private final List<ClauseResult> results;

    CertificatePage(KitRun run, List<ClauseResult> results) {
        this.run = run;
        this.results = results;
    }

    String html() {
        String title = escaped(run.harness().name() + ": " + run.verdict());
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + title
                + "</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n" + STYLE
                + "</style>\n</head>\n<body>\n" + head() + failures() + open() + groups() + explored() + facts()
                + again()
                + clauses() + "</body>\n</html>\n";
    }

    private String head() {
        String verdict = run.verdict().name();
        return "<h1>" + escaped(run.harness().name()) + " <span class=\"verdict " + verdict + "\">" + verdict
                + "</span></h1>\n<p>" + meaning() + " <span class=\"small\">"
                + escaped(run.facts().product())
                + ", " + run.millis() + " ms, seed " + run.seed() + "</span></p>\n";
    }

    private String meaning() {
        return switch (run.verdict()) {
            case PASS -> "Every clause of the contract that applies to this store was tried and holds.";
            case FAIL -> "This store does not keep the contract: do not trust it with a run.";
            case PARTIAL -> "Only some of the clauses were asked for: this says nothing of the others.";
            case INCOMPLETE -> "Nothing failed, but not everything could be tried.";
        };
    }

    private List<ClauseResult> of(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).toList();
    }

    private String failures() {
        return section(
                "What failed",
                of(Outcome.FAIL).stream()
                        .map(result -> "<pre>" + escaped(result.report().strip()) + "</pre>\n")
                        .collect(Collectors.joining()));
    }

    private String open() {
        return section(
                "What could not be proved",
                table(of(Outcome.INCONCLUSIVE).stream()
                        .map(result -> row(cell("k", result.id()), cell("", result.reason())))
                        .toList()));
    }

    private String groups() {
        Map<String, Map<Outcome, Long>> groups = new LinkedHashMap<>();
        results.forEach(result -> groups.computeIfAbsent(
                        ClauseList.all().clause(result.id()).group(), group -> new EnumMap<>(Outcome.class))
                .merge(result.outcome(), 1L, Long::sum));
        return section(
                "Outcomes by group",
                table(groups.entrySet().stream()
                        .map(group -> row(
                                cell("k", group.getKey()),
                                "<td>" + bar(group.getValue()) + "</td>",
                                cell("", counts(group.getValue()))))
                        .toList()));
    }

    private static String bar(Map<Outcome, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> "<i class=\"" + kind(count.getKey()) + "\" style=\"flex:" + count.getValue() + "\"></i>")
                .collect(Collectors.joining("", "<div class=\"bar\">", "</div>"));
    }

    private static String counts(Map<Outcome, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String kind(Outcome outcome) {
        return outcome.toString().replace(' ', '-');
    }

    private String explored() {
        long checks = results.stream().mapToLong(ClauseResult::checks).sum();
        List<String> rows = results.stream()
                .filter(result -> !result.tried().isEmpty())
                .map(result -> row(cell("k", result.id()), cell("", String.join(", ", result.tried()))))
                .toList();
        return section(
                "What was tried, and how often",
                "<p>" + checks + " checks in all. The points below were found by running the store.</p>\n"
                        + table(rows));
    }

    private String facts() {
        Facts facts = run.facts();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("store", facts.product() + ", " + facts.nature());
        rows.put(
                "kit",
                ClauseList.kitVersion() + ", clauses sha256:" + ClauseList.all().digest());
        rows.put("Java", System.getProperty("java.version"));
        rows.put("declared", String.join(", ", Certificate.names(run.harness().abilities())));
        rows.put("given by the harness", String.join(", ", run.harness().hooks()));
        rows.put("limits", new TreeMap<>(facts.limits().all()).toString());
        rows.put("durability", facts.tier() + " " + facts.settings());
        rows.put("warnings", String.join("; ", facts.warnings()));
        rows.put("not asked for", String.join(", ", run.filteredOut()));
        return section(
                "What it ran on",
                table(rows.entrySet().stream()
                        .map(fact -> row(
                                cell("k", fact.getKey()),
                                cell("", fact.getValue().isEmpty() ? "none" : fact.getValue())))
                        .toList()));
    }

    private String again() {
        return section("How to repeat it", "<pre>" + escaped(run.again()) + "</pre>\n");
    }

    private String clauses() {
        List<String> rows = new java.util.ArrayList<>();
        rows.add("<tr><th>clause</th><th>outcome</th><th class=\"n\">ms</th><th class=\"n\">checks</th>"
                + "<th>what must hold</th></tr>");
        results.stream()
                .sorted(java.util.Comparator.comparingInt(result -> {
                    int bad = BAD.indexOf(result.outcome());
                    return bad < 0 ? BAD.size() : bad;
                }))
                .map(this::clause)
                .forEach(rows::add);
        return section("All clauses", table(rows));
    }

    private String clause(ClauseResult result) {
        String must = run.must(result.id());
        String why = result.outcome() == Outcome.FAIL || result.reason().isEmpty()
                ? ""
                : (must.isEmpty() ? "" : "<br>") + "<span class=\"small\">" + escaped(result.reason()) + "</span>";
        return row(
                cell("k", result.id()),
                cell(kind(result.outcome()), result.outcome().toString()),
                cell("n", Long.toString(result.millis())),
                cell("n", Long.toString(result.checks())),
                "<td>" + escaped(must) + why + "</td>");
    }

    private static String section(String title, String content) {
        return content.isEmpty() ? "" : "<h2>" + title + "</h2>\n" + content;
    }

    private static String table(List<String> rows) {
        return rows.isEmpty() ? "" : "<table>\n" + String.join("\n", rows) + "\n</table>\n";
    }

    private static String row(String... cells) {
        return "<tr>" + String.join("", cells) + "</tr>";
    }

    private static String cell(String kind, String text) {
        return "<td class=\"" + kind + "\">" + escaped(text) + "</td>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
