// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole kit on every mutant, before a release: which clauses find which. Writes {@code docs/kit-proof.md}. */
@Tag("all-mutants")
class AllMutantsTest {
    private static final Duration HANGS = Duration.ofSeconds(60);

    @Test
    void everyMutantIsKilled() throws InterruptedException, ExecutionException {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        Map<Mutant, Future<List<String>>> started = new LinkedHashMap<>();
        for (Mutant mutant : Mutants.all()) {
            if (MutantsTest.isAskedFor(mutant)) {
                started.put(mutant, threads.submit(() -> killers(mutant)));
            }
        }
        Map<String, String> known = KitProof.known();
        Map<Mutant, String> found = new LinkedHashMap<>();
        for (Map.Entry<Mutant, Future<List<String>>> one : started.entrySet()) {
            List<String> killers = one.getValue().get();
            System.out.println("[mutant] " + one.getKey() + ": " + killers);
            found.put(one.getKey(), said(one.getKey(), killers));
            // After each, so that a run that is cut off keeps what it found.
            KitProof.write(
                    KitProof.FILE,
                    KitProof.text(
                            Mutants.all(),
                            mutant -> Optional.ofNullable(found.get(mutant)).or(() -> KitProof.known(known, mutant))));
        }
        threads.shutdown();

        assertThat(found).allSatisfy((mutant, said) -> assertThat(said).startsWith(mutant.clause()));
    }

    private static String said(Mutant mutant, List<String> killers) {
        List<String> others = new ArrayList<>(killers);
        if (!others.remove(mutant.clause())) {
            return "not by it: " + killers;
        }
        return mutant.clause() + (others.isEmpty() ? " alone" : "; also " + String.join(", ", others));
    }

    private static List<String> killers(Mutant mutant) {
        return Tried.oneByOne(mutant, List.copyOf(OneClause.all().keySet()), HANGS).stream()
                .filter(Tried::found)
                .map(Tried::clause)
                .toList();
    }
}
