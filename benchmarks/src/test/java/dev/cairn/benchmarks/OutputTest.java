// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OutputTest {
    @Test
    @DisplayName("a table has its first column to the left and the others to the right")
    void table() {
        Table table = new Table();
        table.row(List.of("a", "long", "1.00"));
        table.row(List.of("bcd", "x", "10.00"));

        assertThat(table.text()).isEqualTo("a    long   1.00\nbcd     x  10.00\n");
        assertThatThrownBy(() -> table.row(List.of("one")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 cells, this one has 1");
    }

    @Test
    @DisplayName("the report names the setting, and has a row for whatever one contestant has")
    void report() {
        String text = new Report(Results.full(Map.of("dbos", "it stopped"))).text();

        assertThat(text)
                .contains("postgres  product=PostgreSQL <15>\n")
                .containsPattern("one run, 100 B +µs/step +100\\.00 +108\\.00 +failed\n")
                .containsPattern("requests +per new step +- +1\\.00 +failed\n")
                .doesNotContain("one run, 1,000 B", "transactions");
    }

    @Test
    @DisplayName("the JSON has numbers as numbers, none as null, and says what failed")
    void json() {
        byte[] bytes = new JsonResult(Map.of("processors", "2"), new Extent(1, 10_000))
                .of(List.of(Results.memory(), Results.full(Map.of("dbos", "it stopped"))));

        JsonNode json = JsonMapper.shared().readTree(bytes);
        assertThat(json.at("/stores/0/closing/engine_us").asDouble()).isEqualTo(0.9);
        assertThat(json.at("/stores/0/closing/growth").isNull()).isTrue();
        assertThat(json.at("/stores/1/closing/dbos_vs_one_run").asString()).isEqualTo("failed");
        assertThat(json.at("/stores/1/failures/dbos").asString()).isEqualTo("it stopped");
        assertThat(json.at("/stores/1/everyRound/0/raw/one_run").asDouble()).isEqualTo(100);
        assertThat(json.at("/steps").asInt()).isEqualTo(10_000);
    }

    @Test
    @DisplayName("the chart is well-formed, draws who was measured, and leaves out who failed")
    void chart() throws Exception {
        String svg = BarChart.of(List.of(Results.full(Map.of("dbos", "it stopped"))));

        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(svg)
                .contains(">108.0<", ">32,000<", "postgres: one run, 100 B")
                .doesNotContain("291.6");
    }

    @Test
    @DisplayName("laps give the time of a step and what the end costs by the beginning")
    void laps() {
        Laps laps = new Laps(1_000, 120_000_000, 10_000_000, 12_000_000);

        assertThat(laps.microsPerStep()).isEqualTo(120);
        assertThat(laps.growth()).isEqualTo(1.2);
    }

    @Test
    @DisplayName("many runs do 300 steps each, and fewer in a small benchmark")
    void stepsOfMany() {
        assertThat(new Extent(5, 10_000).stepsOfMany()).isEqualTo(300);
        assertThat(new Extent(5, 1_000).stepsOfMany()).isEqualTo(30);
        assertThat(new Extent(1, 200).stepsOfMany()).isEqualTo(10);
    }

    @Test
    @DisplayName("outcomes have exactly the bytes that were asked for, as text and as bytes the same, and differ")
    void payload() {
        Payload payload = new Payload(new Load(10, 1_000));

        assertThat(payload.text(3)).hasSize(1_000).isNotEqualTo(payload.text(4));
        assertThat(payload.bytes(3)).isEqualTo(payload.text(3).getBytes(StandardCharsets.UTF_8));
        assertThat(new Payload(new Load(99, 1_000)).text(3)).isEqualTo(payload.text(3));
    }
}
