// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.util.HashMap;
import java.util.Map;

/**
 * What a ledger holds of some orders.
 *
 * @param once orders with exactly one charge, of the right amount
 * @param twice orders with more than one charge
 * @param repeats how often a charge was asked for again under its idempotency key
 */
record Charges(int once, int twice, long repeats) {

    /** Adds up charges. Not thread-safe. */
    static final class Counter {
        private final Map<Integer, Long> amounts;
        private final Map<Integer, Integer> charges = new HashMap<>();
        private final Map<Integer, Integer> right = new HashMap<>();
        private long repeats;

        /** Counts charges of these orders, by id and amount, and passes over others. */
        Counter(Map<Integer, Long> amounts) {
            this.amounts = Map.copyOf(amounts);
        }

        void add(int order, long amountCents, long repeated) {
            Long amount = amounts.get(order);
            if (amount != null) {
                charges.merge(order, 1, Integer::sum);
                right.merge(order, amount == amountCents ? 1 : 0, Integer::sum);
                repeats += repeated;
            }
        }

        Charges charges() {
            int once = 0;
            int twice = 0;
            for (Map.Entry<Integer, Integer> order : charges.entrySet()) {
                if (order.getValue() > 1) {
                    twice++;
                } else if (right.getOrDefault(order.getKey(), 0) == 1) {
                    once++;
                }
            }
            return new Charges(once, twice, repeats);
        }
    }
}
