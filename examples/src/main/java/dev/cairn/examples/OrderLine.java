// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * A line of an order.
 *
 * @param discount 0 to 1: 0.25 takes a quarter off
 */
record OrderLine(BigDecimal unitPrice, int quantity, BigDecimal discount) {
    /** The exact amount, not rounded. */
    BigDecimal amount() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity)).multiply(BigDecimal.ONE.subtract(discount));
    }

    /** The sum of lines in cents, rounded half up once. */
    static long cents(List<OrderLine> lines) {
        return lines.stream()
                .map(OrderLine::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .movePointRight(2)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}
