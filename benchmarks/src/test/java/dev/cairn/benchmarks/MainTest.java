// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
    @TempDir
    private Path repository;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws InterruptedException {
        return Main.run(
                List.of(args),
                repository,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("what was measured is printed, written as JSON, drawn, and closed with one line for each store")
    void measures() throws Exception {
        int status = run("steps", "--stores", "memory,sqlite", "--rounds", "1", "--steps", "100", "--docs", "docs");

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(lines.size() - 2)).matches("store=memory one_run_vs_raw=- .* engine_us=\\d+\\.\\d\\d");
        assertThat(lines.get(lines.size() - 1))
                .matches("store=sqlite one_run_vs_raw=\\d+\\.\\d\\d dbos_vs_one_run=- .* round_trips=- engine_us=-");
        JsonNode json = JsonMapper.shared().readTree(repository.resolve("benchmarks/target/benchmark.json"));
        assertThat(json.at("/stores/1/closingLine").asString()).isEqualTo(lines.get(lines.size() - 1));
        assertThat(json.at("/stores/1/everyRound").size()).isEqualTo(1);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(repository.resolve("benchmarks/target/benchmark.svg").toFile());
        assertThat(repository.resolve("docs")).isDirectoryContaining("glob:**/sqlite.json");
        assertThat(repository.resolve("benchmarks/target").toFile().list())
                .containsExactlyInAnyOrder("benchmark.json", "benchmark.svg");
    }

    @Test
    @DisplayName("without a command, or with an unknown one, nothing is started and the usage is told")
    void usage() throws InterruptedException {
        assertThat(run()).isEqualTo(2);
        assertThat(run("orders")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no command; write steps [--stores memory")
                .contains("unknown command \"orders\"; write steps [--stores memory");
        assertThat(repository).isEmptyDirectory();
    }

    @Test
    @DisplayName("a bad option is told in one line, and nothing is started")
    void badOption() throws InterruptedException {
        assertThat(run("steps", "--rounds", "0")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("option --rounds must be a whole number from 1 to 100, was \"0\"\n");
        assertThat(repository).isEmptyDirectory();
    }
}
