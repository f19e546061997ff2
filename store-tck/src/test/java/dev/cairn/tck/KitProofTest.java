// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mutants")
class KitProofTest {
    @Test
    void tableIsOfTheseMutants() {
        Map<String, String> known = KitProof.known();

        isWritten(KitProof.FILE, KitProof.text(Mutants.all(), mutant -> KitProof.known(known, mutant)));
    }

    @Test
    void contractIsOfTheseClauses() {
        isWritten(ContractDocument.FILE, ContractDocument.text());
    }

    private static void isWritten(Path file, String text) {
        if (System.getProperty("kit-proof", "").equals("write")) {
            KitProof.write(file, text);
        }

        assertThat(KitProof.read(file))
                .as(file + " is generated: mvn test -pl store-tck -am -Dtest=KitProofTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dkit-proof=write")
                .isEqualTo(text);
    }

    @Test
    void everyMutantIsKilledByItsClause() {
        Map<String, String> known = KitProof.known();

        assertThat(Mutants.all())
                .allSatisfy(mutant -> assertThat(KitProof.known(known, mutant).orElse("not in the table"))
                        .startsWith(mutant.clause()));
    }

    @Test
    void manyMutantsDeleteCheck() {
        List<Mutant> deletions = Mutants.all().stream().filter(Mutant::deletes).toList();

        assertThat(deletions).hasSizeGreaterThanOrEqualTo(20);
        assertThat(deletions)
                .extracting(mutant -> mutant.way() instanceof Mutant.Patched patched ? patched.module() : "")
                .contains("core", "store-sqlite");
    }

    @Test
    void noTwoMutantsAreTheSame() {
        assertThat(Mutants.all()).extracting(Mutant::toString).doesNotHaveDuplicates();
    }
}
