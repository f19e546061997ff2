// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.benchmarks.Rounds.Of;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Of RAW = new Of("raw", Figure.ONE_RUN);
    private static final Of CAIRN = new Of("cairn", Figure.ONE_RUN);

    @Test
    @DisplayName("the median is the middle value, or the mean of the two in the middle, whatever the order")
    void medians() {
        assertThat(Rounds.median(7)).isEqualTo(7);
        assertThat(Rounds.median(9, 1, 5)).isEqualTo(5);
        assertThat(Rounds.median(10, 1, 2, 4)).isEqualTo(3);
    }

    @Test
    @DisplayName("a median of nothing is refused")
    void noMedianOfNothing() {
        assertThatThrownBy(Rounds::median)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 value");
    }

    @Test
    @DisplayName("a median leaves the values as they were")
    void medianDoesNotSort() {
        double[] values = {3, 1, 2};

        Rounds.median(values);

        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    @DisplayName("a ratio is the median of the rounds' own ratios, not the ratio of the medians")
    void ratiosArePaired() {
        Rounds rounds = rounds(new double[][] {{100, 110}, {300, 315}, {200, 260}});

        Reading ratio = rounds.ratio(CAIRN, RAW);

        assertThat(ratio.number().orElseThrow()).isCloseTo(1.1, within(1e-9));
    }

    @Test
    @DisplayName("a figure that no round has is shown as -")
    void absent() {
        Rounds rounds = rounds(new double[][] {{100, 110}});

        assertThat(rounds.median(new Of("dbos", Figure.ONE_RUN)).text()).isEqualTo("-");
        assertThat(rounds.ratio(new Of("dbos", Figure.ONE_RUN), RAW).text()).isEqualTo("-");
    }

    @Test
    @DisplayName("every figure that needs a contestant that failed is shown as failed, though it was measured before")
    void failed() {
        Rounds rounds = new Rounds(
                rounds(new double[][] {{100, 110}}).rounds(), Map.of("raw", "java.io.IOException: no space left"));

        assertThat(rounds.ratio(CAIRN, RAW).text()).isEqualTo("failed");
        assertThat(rounds.median(RAW).text()).isEqualTo("failed");
        assertThat(rounds.median(CAIRN).text()).isEqualTo("110.00");
    }

    private static Rounds rounds(double[][] rawAndCairn) {
        List<Round> rounds = java.util.Arrays.stream(rawAndCairn)
                .map(pair -> {
                    Round round = new Round();
                    round.put("raw", Figure.ONE_RUN, pair[0]);
                    round.put("cairn", Figure.ONE_RUN, pair[1]);
                    return round;
                })
                .toList();
        return new Rounds(rounds, Map.of());
    }
}
