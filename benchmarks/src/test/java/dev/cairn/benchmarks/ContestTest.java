// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContestTest {
    private static final Set<String> ALL = Set.of("raw", "cairn", "dbos");

    private static final Set<Figure> OF_CAIRN = EnumSet.complementOf(EnumSet.of(Figure.ENTRY_BYTES));
    private static final Set<Figure> OF_RAW = EnumSet.complementOf(EnumSet.of(Figure.RUNS_128));

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Failures failures = new Failures("rehearsed", new PrintStream(said, true, StandardCharsets.UTF_8));

    @Test
    @DisplayName("every round that counts has every figure of every contestant that the store has")
    void rounds() throws Exception {
        RehearsedBackend backend = RehearsedBackend.sound();

        List<Round> rounds = new Contest(backend, new Extent(2, 100), ALL, failures).run();

        assertThat(failures.all()).isEmpty();
        assertThat(rounds).hasSize(2).allSatisfy(round -> {
            assertThat(round.all().keySet()).containsExactlyInAnyOrder("raw", "cairn");
            assertThat(round.all().get("cairn").keySet()).isEqualTo(OF_CAIRN);
            assertThat(round.all().get("raw").keySet()).isEqualTo(OF_RAW);
            round.all().values().forEach(figures -> assertThat(figures.values()).allMatch(value -> value > 0));
        });
        assertThat(backend.open).isEmpty();
    }

    @Test
    @DisplayName("a contestant that fails is told once, asked no more, and leaves the others alone")
    void oneFails() throws Exception {
        RehearsedBackend backend = RehearsedBackend.failingAtInsert(50);

        List<Round> rounds = new Contest(backend, new Extent(1, 100), ALL, failures).run();

        assertThat(failures.all()).containsOnlyKeys("raw");
        assertThat(rounds)
                .hasSize(1)
                .allSatisfy(
                        round -> assertThat(round.all().get("cairn").keySet()).isEqualTo(OF_CAIRN));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("raw failed on rehearsed:")
                .contains("the disk of the rehearsal is full");
        assertThat(backend.open).isEmpty();
    }

    @Test
    @DisplayName("each round begins with another contestant")
    void order() throws Exception {
        Entrants entrants = Entrants.enter(RehearsedBackend.sound(), ALL, failures);

        assertThat(entrants.inTurn(0)).extracting(Contestant::name).containsExactly("raw", "cairn");
        assertThat(entrants.inTurn(1)).extracting(Contestant::name).containsExactly("cairn", "raw");
        assertThat(entrants.inTurn(2)).extracting(Contestant::name).containsExactly("raw", "cairn");
        entrants.close();
    }

    @Test
    @DisplayName("what a step costs is a difference of two runs, so that opening and closing fall out")
    void costs() throws Exception {
        RehearsedBackend backend = RehearsedBackend.sound();

        Counts counts = new StepCosts(backend, "raw").newStep(100);

        assertThat(counts.of(Count.REQUESTS)).contains(2.0);
        assertThat(backend.open).isEmpty();
    }
}
