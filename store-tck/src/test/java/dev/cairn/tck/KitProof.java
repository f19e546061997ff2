// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            `mvn verify` runs each clause on each of its mutants and fails unless the clause finds it by its own message, not by a
            crash or a time-out on the way. *deletes* marks a check of ours that was taken out of the source. The last column names
            the clause that owns the mutant; behind it stands which others of the whole kit find it too, or that it does so
            *alone*, where `mvn verify -Pall-mutants -pl store-tck -am` has run the whole kit on the mutant since it was written.
            This file is generated: `-Dkit-proof=write` adds what is new.

            """;

    private static final String MUTANTS = "\n## The mutants\n\n";
    private static final String COLUMNS =
            "| clause | mutant of | what it does wrong | killed by |\n|---|---|---|---|\n";

    private KitProof() {}

    /** The file's text; a mutant of which nothing more is known is killed by its own clause, as each build proves. */
    static String text(List<Mutant> mutants, Function<Mutant, Optional<String>> killers) {
        long clauses = mutants.stream().map(Mutant::clause).distinct().count();
        long deletions = mutants.stream().filter(Mutant::deletes).count();
        String counts =
                mutants.size() + " mutants of " + clauses + " clauses; " + deletions + " of them delete a check.\n\n";
        return mutants.stream()
                .map(mutant -> row(mutant) + killers.apply(mutant).orElse(mutant.clause()) + " |\n")
                .collect(Collectors.joining("", HEAD + finds() + MUTANTS + counts + COLUMNS, ""));
    }

    /** Written by hand. */
    private static String finds() {
        try (InputStream in = Objects.requireNonNull(KitProof.class.getResourceAsStream("finds.md"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        for (String line : read(FILE).lines().filter(l -> l.startsWith("| ")).toList()) {
            int last = line.lastIndexOf(" | ");
            known.put(line.substring(0, last + 3), line.substring(last + 3, line.length() - 2));
        }
        return known;
    }

    static Optional<String> known(Map<String, String> known, Mutant mutant) {
        return Optional.ofNullable(known.get(row(mutant)));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
