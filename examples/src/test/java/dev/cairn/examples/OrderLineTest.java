// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OrderLineTest {
    @Test
    @DisplayName("a line's amount is price times quantity, less the discount, exactly")
    void exact() {
        assertThat(line("14.40", 35, "0.15").amount()).isEqualByComparingTo("428.40");
        assertThat(line("0.01", 1, "0.15").amount()).isEqualByComparingTo("0.0085");
    }

    @Test
    @DisplayName("an order is rounded once: two half cents are one cent, not two")
    void roundedOnce() {
        OrderLine halfCent = line("0.01", 1, "0.5");

        assertThat(OrderLine.cents(List.of(halfCent, halfCent))).isEqualTo(1);
    }

    @Test
    @DisplayName("half a cent is rounded up, less than half is not")
    void halfUp() {
        assertThat(OrderLine.cents(List.of(line("0.01", 1, "0.5")))).isEqualTo(1);
        assertThat(OrderLine.cents(List.of(line("0.01", 1, "0.51")))).isZero();
    }

    private static OrderLine line(String unitPrice, int quantity, String discount) {
        return new OrderLine(new BigDecimal(unitPrice), quantity, new BigDecimal(discount));
    }
}
