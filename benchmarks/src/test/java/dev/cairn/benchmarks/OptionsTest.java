// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Path BASE = Path.of("/checkout");

    private static Options parse(String... args) {
        return Options.parse(List.of(args), BASE);
    }

    @Test
    @DisplayName("without options all stores and rivals are measured, 5 rounds of 10,000 steps")
    void defaults() {
        Options options = parse();

        assertThat(options.stores()).isEqualTo(Backends.NAMES);
        assertThat(options.contestants()).containsExactlyInAnyOrder("raw", "cairn", "dbos");
        assertThat(options.extent()).isEqualTo(new Extent(5, 10_000));
        assertThat(options.outputs().json()).isEqualTo(BASE.resolve("benchmarks/target/benchmark.json"));
        assertThat(options.outputs().svg()).isEqualTo(BASE.resolve("benchmarks/target/benchmark.svg"));
        assertThat(options.outputs().docs()).isNull();
    }

    @Test
    @DisplayName("relative files are relative to the repository; the chart lies beside the JSON under the same name")
    void files() {
        Options options = parse("--json", "out/run.json", "--docs", "docs/performance");

        assertThat(options.outputs().json()).isEqualTo(BASE.resolve("out/run.json"));
        assertThat(options.outputs().svg()).isEqualTo(BASE.resolve("out/run.svg"));
        assertThat(options.outputs().docs()).isEqualTo(BASE.resolve("docs/performance"));
        assertThat(parse("--json", "/tmp/x").outputs().svg()).isEqualTo(Path.of("/tmp/x.svg"));
    }

    @Test
    @DisplayName("stores are measured in the order given, and Cairn takes part beside whatever rival")
    void chosen() {
        Options options = parse("--stores", "sqlite,memory", "--rivals", "raw", "--rounds", "1", "--steps", "200");

        assertThat(options.stores()).containsExactly("sqlite", "memory");
        assertThat(options.contestants()).containsExactlyInAnyOrder("raw", "cairn");
        assertThat(options.extent()).isEqualTo(new Extent(1, 200));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--store sqlite | unknown option \"--store\"; known are --stores",
                "--stores | option --stores has no value; write steps",
                "--stores --json | option --stores has no value",
                "--rounds 1 --rounds 2 | option --rounds is given twice; give it once",
                "--rounds 0 | option --rounds must be a whole number from 1 to 100, was \"0\"",
                "--rounds 101 | option --rounds must be a whole number from 1 to 100, was \"101\"",
                "--steps 99 | option --steps must be a whole number from 100 to 100000, was \"99\"",
                "--steps 1e4 | option --steps must be a whole number from 100 to 100000, was \"1e4\"",
                "--stores oracle | option --stores names \"oracle\"; known are memory,sqlite",
                "--stores sqlite, | option --stores names \"\"; known are memory,sqlite",
                "--stores sqlite,sqlite | option --stores names one twice in \"sqlite,sqlite\"; name each once",
                "--rivals temporal | option --rivals names \"temporal\"; known are raw,dbos"
            })
    @DisplayName("an option that cannot be used is refused with the value, the limit and the way out")
    void refused(String args, String message) {
        assertThatThrownBy(() -> parse(args.split(" ")))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(message);
    }
}
