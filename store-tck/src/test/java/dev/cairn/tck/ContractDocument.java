// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The clauses in {@code docs/contract.md}, which is generated from the kit. */
final class ContractDocument {
    static final Path FILE = Compiled.ROOT.resolve("docs/contract.md");

    private static final String HEAD = """
            # The contract

            What every store, and the engine on it (`RUN`), has to keep. Each clause is a test of the kit `cairn-store-tck`, whose
            name begins with the clause's id; [kit-proof.md](kit-proof.md) says which wrong stores it finds. Generated from the
            kit: `-Dkit-proof=write` writes it anew.

            Clauses that no operation exposes yet have no text here.

            """;

    private ContractDocument() {}

    static String text() {
        List<Listed> tried =
                ClauseList.all().clauses().stream().filter(Listed::isTried).toList();
        String groups = tried.stream()
                .map(Listed::group)
                .distinct()
                .map(group -> "## " + group + "\n\n"
                        + tried.stream()
                                .filter(clause -> clause.group().equals(group))
                                .map(ContractDocument::line)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
        String others = ClauseList.all().clauses().stream()
                .filter(clause -> !clause.isTried())
                .map(clause -> "- **" + clause.id() + "** "
                        + clause.standing()
                                .map(standing -> standing.outcome() + ": " + standing.reason())
                                .orElseThrow()
                        + "\n")
                .collect(Collectors.joining());
        return HEAD + groups + "\n## Not tried\n\n" + others;
    }

    private static String line(Listed clause) {
        Method method = Optional.ofNullable(OneClause.all().get(clause.id())).orElseThrow();
        Clause words = method.getAnnotation(Clause.class);
        return "- **" + clause.id() + "** " + words.must() + ". Else " + words.why() + ".\n";
    }
}
