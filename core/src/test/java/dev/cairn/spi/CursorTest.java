// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final Incarnation INCARNATION = Incarnation.random();

    @Test
    @DisplayName("BAD-01 a cursor goes from place 0 and order -1 on; what is before is refused with its value")
    void range() {
        assertThat(new Cursor.After(INCARNATION, 0, -1, "").order()).isEqualTo(-1);
        assertThatThrownBy(() -> new Cursor.After(INCARNATION, -3, 0, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-3");
        assertThatThrownBy(() -> new Cursor.After(INCARNATION, 0, -2, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");
    }
}
