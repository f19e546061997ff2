// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of clauses and mutants in {@code docs/kit-proof.md}, which is generated. */
final class KitProof {
    static final Path FILE = Compiled.ROOT.resolve("docs/kit-proof.md");

    private static final String HEAD = """
            # What proves the kit

            Every clause that the kit tries owns at least one mutant: a store, or an engine, that is wrong in exactly one way.
            `mvn verify` runs the clause on each of its mutants and fails unless it finds the mutant by its own message, not by a
            crash or a time-out on the way. *deletes* marks a check of ours that was taken out of the source. The last column says
            which clauses of the whole kit found the mutant; `mvn verify -Pall-mutants -pl store-tck -am` runs all of them and
            writes this file.

            """;
    private static final String COLUMNS =
            "| clause | mutant of | what it does wrong | killed by |\n|---|---|---|---|\n";

    private KitProof() {}

    /** The file's text. */
    static String text(List<Mutant> mutants, Function<Mutant, Optional<String>> killers) {
        long clauses = mutants.stream().map(Mutant::clause).distinct().count();
        long deletions = mutants.stream()
                .filter(mutant -> mutant.wrong().startsWith("deletes"))
                .count();
        String counts =
                mutants.size() + " mutants of " + clauses + " clauses; " + deletions + " of them delete a check.\n\n";
        return mutants.stream()
                .map(mutant -> row(mutant) + killers.apply(mutant).orElse("not run") + " |\n")
                .collect(Collectors.joining("", HEAD + counts + COLUMNS, ""));
    }

    private static String row(Mutant mutant) {
        return "| " + mutant.clause() + " | " + mutant.where() + " | "
                + mutant.wrong().replace("|", "\\|") + " | ";
    }

    /** Which clauses killed the mutants that the file knows, as it says it, by row. */
    static Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        if (!Files.exists(FILE)) {
            return known;
        }
        for (String line : read().lines().filter(l -> l.startsWith("| ")).toList()) {
            int last = line.lastIndexOf(" | ");
            known.put(line.substring(0, last + 3), line.substring(last + 3, line.length() - 2));
        }
        return known;
    }

    static Optional<String> known(Map<String, String> known, Mutant mutant) {
        return Optional.ofNullable(known.get(row(mutant)));
    }

    static String read() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(String text) {
        try {
            Files.writeString(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
