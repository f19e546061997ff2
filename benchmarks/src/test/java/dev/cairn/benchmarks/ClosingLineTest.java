// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClosingLineTest {
    @Test
    @DisplayName("the line has every figure with two decimals, in the order that scripts read")
    void full() {
        assertThat(ClosingLine.of(Results.full(Map.of())).text())
                .isEqualTo("store=postgres one_run_vs_raw=1.08 dbos_vs_one_run=2.70 runs32_vs_raw=1.60"
                        + " runs128_vs_raw=2.20 runs32_vs_dbos=8.00 growth=1.02 resume_vs_raw=1.20 round_trips=1.00"
                        + " engine_us=-");
    }

    @Test
    @DisplayName("the engine's time stands on the store in memory, which has nothing else")
    void memory() {
        assertThat(ClosingLine.of(Results.memory()).text())
                .isEqualTo("store=memory one_run_vs_raw=- dbos_vs_one_run=- runs32_vs_raw=- runs128_vs_raw=-"
                        + " runs32_vs_dbos=- growth=- resume_vs_raw=- round_trips=- engine_us=0.90");
    }

    @Test
    @DisplayName("what needs a contestant that failed says so, and the rest stands")
    void failed() {
        StoreResult result = Results.full(Map.of("dbos", "it stopped"));

        assertThat(ClosingLine.of(result).text())
                .startsWith("store=postgres one_run_vs_raw=1.08 dbos_vs_one_run=failed runs32_vs_raw=1.60")
                .contains("runs32_vs_dbos=failed growth=1.02");
        assertThat(result.failed()).isTrue();
    }
}
