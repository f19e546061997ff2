// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.state.Names;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", " a ", "\ud83d\ude00", "e\u0301", "\u05d0", "a\nb", "' or 1=1 --", "\u200b"})
    @DisplayName("KEY-01 KEY-02 a name comes back as it is")
    void unchanged(String name) {
        assertThat(Names.check("run id", name)).isSameAs(name);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  ", "\t\n", "\u0007", "a\u0000", "\ud800", "\udc00\ud800", "a\ud83d"})
    @DisplayName("KEY-05 RT-04 a name that nobody sees or no store keeps is refused, naming what it is")
    void refused(String name) {
        assertThatThrownBy(() -> Names.check("run id", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("run id");
    }

    @Test
    @DisplayName("KEY-04 the limit is counted in UTF-8 bytes, and nothing is cut")
    void limit() {
        String fits = "\ud83d\ude00".repeat(63) + "abc";

        assertThat(Names.check("key", fits)).isEqualTo(fits);
        assertThatThrownBy(() -> Names.check("key", fits + "d"))
                .hasMessageContaining("256 UTF-8 bytes, the limit is 255");
    }

    @Test
    @DisplayName("BAD-04 a refused text is shown cut and escaped")
    void shown() {
        assertThatThrownBy(() -> Names.check("key", "\u0001" + "x".repeat(1_000)))
                .hasMessageContaining("\\u0001")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    @DisplayName("KEY-04 labels and progress have limits of their own, and may be empty where that means something")
    void labels() {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i <= Names.MAX_LABELS; i++) {
            many.put("label" + i, "");
        }

        assertThat(Names.checkText("progress", "", 10)).isEmpty();
        assertThatThrownBy(() -> Labels.of(many)).hasMessageContaining("at most 16 labels, here are 17");
        assertThatThrownBy(() -> Labels.of(Map.of("n".repeat(65), "v"))).hasMessageContaining("64");
        assertThat(Labels.of(Map.of("n".repeat(64), "v".repeat(255))).all()).hasSize(1);
    }
}
