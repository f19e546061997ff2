// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run of the kit found, for people and for programs: {@code certificate.html}, {@code .md} and {@code .json} in
 * {@code target/tck/<store>}.
 */
final class Certificate {
    private static final String FOLDER = "tck.certificates";

    private final KitRun run;
    private final List<ClauseResult> results;

    Certificate(KitRun run) {
        this.run = run;
        this.results = run.results();
    }

    /** Where certificates go: {@code target/tck}, unless the system property {@code tck.certificates} says otherwise. */
    static Path folder() {
        return Path.of(System.getProperty(FOLDER, "target/tck"));
    }

    Path write(Path folder) {
        Path own = folder.resolve(run.harness().name());
        try {
            Files.createDirectories(own);
            Files.writeString(own.resolve("certificate.json"), json());
            Files.writeString(own.resolve("certificate.md"), markdown());
            Files.writeString(own.resolve("certificate.html"), new CertificatePage(run, results).html());
        } catch (IOException e) {
            throw new UncheckedIOException("the certificate cannot be written to " + own, e);
        }
        return own;
    }

    /** In one line. */
    String summary() {
        String counts = counts().entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        return run.harness().name() + ": " + run.verdict() + " (" + counts + ") in " + run.millis() + " ms, seed "
                + run.seed();
    }

    private Map<Outcome, Long> counts() {
        return results.stream()
                .collect(Collectors.groupingBy(ClauseResult::outcome, TreeMap::new, Collectors.counting()));
    }

    String json() {
        Facts facts = run.facts();
        return "{\n"
                + field("kit", Json.text(ClauseList.kitVersion()))
                + field("clauses", Json.text("sha256:" + ClauseList.all().digest()))
                + field("store", Json.text(run.harness().name()))
                + field("product", Json.text(facts.product()))
                + field("nature", Json.text(facts.nature().name()))
                + field("java", Json.text(System.getProperty("java.version")))
                + field("seed", Json.text(run.seed().toString()))
                + field("verdict", Json.text(run.verdict().name()))
                + field("millis", String.valueOf(run.millis()))
                + field("declared", Json.texts(names(run.harness().abilities())))
                + field("given", Json.texts(run.harness().hooks()))
                + field("limits", Json.numbers(facts.limits().all()))
                + field("tier", Json.text(facts.tier().name()))
                + field("settings", Json.texts(facts.settings()))
                + field("warnings", Json.texts(facts.warnings()))
                + field("filtered", Json.texts(run.filteredOut()))
                + "  \"results\": [\n"
                + results.stream().map(Certificate::json).collect(Collectors.joining(",\n"))
                + "\n  ]\n}\n";
    }

    static List<String> names(java.util.Collection<? extends Enum<?>> values) {
        return values.stream().map(Enum::name).sorted().toList();
    }

    private static String field(String name, String json) {
        return "  " + Json.text(name) + ": " + json + ",\n";
    }

    private static String json(ClauseResult result) {
        return "    {\"id\": " + Json.text(result.id()) + ", \"outcome\": "
                + Json.text(result.outcome().toString()) + ", \"reason\": " + Json.text(result.reason())
                + ", \"millis\": " + result.millis() + ", \"checks\": " + result.checks() + ", \"tried\": "
                + Json.texts(result.tried()) + "}";
    }

    String markdown() {
        Facts facts = run.facts();
        StringBuilder text = new StringBuilder();
        text.append("# ")
                .append(run.harness().name())
                .append(": ")
                .append(run.verdict())
                .append("\n\n");
        row(text, "store", facts.product() + ", " + facts.nature());
        row(
                text,
                "kit",
                ClauseList.kitVersion() + ", clauses sha256:" + ClauseList.all().digest());
        row(text, "seed", run.seed().toString());
        row(text, "Java", System.getProperty("java.version"));
        row(text, "declared", String.join(", ", names(run.harness().abilities())));
        row(text, "given", String.join(", ", run.harness().hooks()));
        row(text, "limits", new TreeMap<>(facts.limits().all()).toString());
        row(text, "durability", facts.tier() + " " + facts.settings());
        facts.warnings().forEach(warning -> row(text, "warning", warning));
        row(text, "time", run.millis() + " ms");
        row(text, "outcomes", counts().toString());
        if (!run.filteredOut().isEmpty()) {
            row(text, "not asked for", String.join(", ", run.filteredOut()));
        }
        text.append("\n| clause | outcome | ms | checks | tried | why |\n|---|---|---|---|---|---|\n");
        results.forEach(result -> text.append("| ")
                .append(result.id())
                .append(" | ")
                .append(result.outcome())
                .append(" | ")
                .append(result.millis())
                .append(" | ")
                .append(result.checks())
                .append(" | ")
                .append(String.join(", ", result.tried()))
                .append(" | ")
                .append(result.reason().replace("|", "\\|").replace("\n", " "))
                .append(" |\n"));
        return text.toString();
    }

    private static void row(StringBuilder text, String what, String value) {
        text.append("- ")
                .append(what)
                .append(": ")
                .append(value.isEmpty() ? "none" : value)
                .append('\n');
    }
}
