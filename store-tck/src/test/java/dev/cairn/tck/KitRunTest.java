// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KitRunTest {
    private static final Clause WORDS = OneClause.all().get("HB-01").getAnnotation(Clause.class);
    private static final Listed LISTED = ClauseList.all().clause("HB-01");
    private static final Seed SEED = new Seed(0x5fd1c2);

    private static KitRun run() {
        return new KitRun(MemoryHarness.create(), SEED, Again.of(KitRunTest.class));
    }

    private static ClauseResult result(KitRun.Test test) {
        try (KitRun run = run()) {
            return run.tryOut(LISTED, WORDS, run.trial("HB-01"), test);
        }
    }

    @Test
    @DisplayName("a clause that checked nothing fails")
    void checkedNothing() {
        ClauseResult result = result(trial -> trial.open("A"));

        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(result.report()).contains("the clause checked nothing");
    }

    @Test
    @DisplayName("what a store throws fails the clause, but not by the clause's own message, and is not shown")
    void crash() {
        ClauseResult result = result(trial -> {
            trial.that(true, "nothing", "nothing");
            throw new IllegalArgumentException("a payload: 4711");
        });

        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(result.failedByItsOwnMessage()).isFalse();
        assertThat(result.report())
                .contains("java.lang.IllegalArgumentException")
                .doesNotContain("4711");
        assertThat(result.thrown()).get().hasToString("java.lang.IllegalArgumentException: a payload: 4711");
    }

    @Test
    @DisplayName("a comparison that fails is the clause's own message")
    void ownMessage() {
        ClauseResult result = result(trial -> trial.that(false, "this", "that"));

        assertThat(result.failedByItsOwnMessage()).isTrue();
        assertThat(result.checks()).isEqualTo(1);
    }

    @Test
    @DisplayName("stores that a clause opened are closed, and a close that fails is a failure")
    void closes() {
        StoreHarness harness = MemoryHarness.wrapping("closing", store -> new Wrong(store) {
            private boolean used;

            @Override
            public dev.cairn.spi.RunPage list(dev.cairn.spi.RunQuery query) {
                used = true;
                return super.list(query);
            }

            @Override
            public void close() {
                super.close();
                if (used) {
                    throw new IllegalStateException("cannot close");
                }
            }
        });

        ClauseResult result;
        try (KitRun run = new KitRun(harness, SEED, Again.of(KitRunTest.class))) {
            result = run.tryOut(LISTED, WORDS, run.trial("HB-01"), trial -> {
                trial.open("A").store().list(dev.cairn.spi.RunQuery.all().build());
                trial.that(true, "nothing", "nothing");
            });
        }

        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(result.reason()).contains("cannot close");
    }

    @Test
    @DisplayName("a clause's numbers come from the run's seed and its id alone")
    void seeds() {
        long first = SEED.of("HB-01").nextLong();

        assertThat(new Seed(0x5fd1c2).of("HB-01").nextLong()).isEqualTo(first);
        assertThat(SEED.of("HB-02").nextLong()).isNotEqualTo(first);
        assertThat(new Seed(1).of("HB-01").nextLong()).isNotEqualTo(first);
        assertThat(SEED).hasToString("0x5fd1c2");
    }

    @Test
    @DisplayName("verdicts: one failure is FAIL, then a filtered run PARTIAL, then an open clause INCOMPLETE")
    void verdicts() {
        Set<Outcome> right = Set.of(Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.RESERVED, Outcome.REFUSED_OK);

        assertThat(Verdict.of(right, false)).isEqualTo(Verdict.PASS);
        assertThat(Verdict.of(right, true)).isEqualTo(Verdict.PARTIAL);
        assertThat(Verdict.of(List.of(Outcome.PASS, Outcome.INCONCLUSIVE), false))
                .isEqualTo(Verdict.INCOMPLETE);
        assertThat(Verdict.of(List.of(Outcome.PASS, Outcome.NOT_RUN), false)).isEqualTo(Verdict.INCOMPLETE);
        assertThat(Verdict.of(List.of(Outcome.FAIL, Outcome.INCONCLUSIVE), true))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    @DisplayName("the certificate says what was tried on what, and every clause of the list that is not filtered out")
    void certificate(@TempDir Path folder) throws IOException {
        Path own;
        try (KitRun run = run()) {
            run.tryOut(LISTED, WORDS, run.trial("HB-01"), trial -> trial.that(true, "nothing", "nothing"));
            own = new Certificate(run).write(folder);
        }

        JsonNode json = new JsonMapper().readTree(Files.readString(own.resolve("certificate.json")));
        assertThat(json.get("seed").asString()).isEqualTo("0x5fd1c2");
        assertThat(json.get("clauses").asString())
                .isEqualTo("sha256:" + ClauseList.all().digest());
        assertThat(json.get("limits").get("payloadBytes").asInt()).isEqualTo(1 << 20);
        assertThat(json.get("declared").get(0).asString()).isEqualTo("STEP_CACHE");
        assertThat(json.get("results").size() + json.get("filtered").size())
                .isEqualTo(ClauseList.all().clauses().size());
        assertThat(Files.readString(own.resolve("certificate.md"))).contains("# memory: PARTIAL", "| HB-01 | pass |");
    }

    @Test
    @DisplayName(
            "the page loads nothing, shows failures before anything else, what was tried, and how to repeat it, and escapes all of it")
    void page() {
        String html;
        try (KitRun run = run()) {
            run.tryOut(LISTED, WORDS, run.trial("HB-01"), trial -> {
                trial.tried("7 requests <held>", 7);
                trial.that(false, "this & that", "</pre><script>");
            });
            html = new CertificatePage(run, run.results()).html();
        }

        assertThat(html)
                .contains("memory <span class=\"verdict FAIL\">FAIL", "this &amp; that", "&lt;/pre&gt;&lt;script&gt;")
                .contains("7 requests &lt;held&gt;", "-Dtck.seed=0x5fd1c2", "KitRunTest#hb_01*")
                .doesNotContain("<script", "src=", "http", "<held>");
        assertThat(html.indexOf("What failed")).isLessThan(html.indexOf("Outcomes by group"));
    }

    @Test
    @DisplayName("the command for one clause names the module of a larger build, and not of one that stands alone")
    void again(@TempDir Path folder) throws IOException {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        Files.createFile(alone.resolve("pom.xml"));
        Path root = Files.createDirectories(folder.resolve("build/stores/mine"));
        for (String pom : List.of("build", "build/stores", "build/stores/mine")) {
            Files.createFile(folder.resolve(pom).resolve("pom.xml"));
        }

        assertThat(Again.in(KitRunTest.class, alone).line(LISTED, SEED))
                .contains("mvn test '-Dtest=KitRunTest#hb_01*' -Dtck.seed=0x5fd1c2");
        assertThat(Again.in(KitRunTest.class, root).line(LISTED, SEED))
                .contains("mvn test -pl stores/mine -am -Dsurefire.failIfNoSpecifiedTests=false '-Dtest=");
        assertThat(Again.in(KitRunTest.class, folder).line(LISTED, SEED))
                .contains("run KitRunTest#hb_01* with the system property tck.seed=0x5fd1c2");
    }

    @Test
    @DisplayName("a harness without a way to open the store, or with a name for no folder, is told so")
    void harness() {
        assertThatThrownBy(() -> new KitRun(StoreHarness.named("mine"), SEED, Again.of(KitRunTest.class)))
                .hasMessageContaining("add opens(env -> …)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreHarness.named("../mine"))
                .withMessageContaining("../mine");
    }
}
