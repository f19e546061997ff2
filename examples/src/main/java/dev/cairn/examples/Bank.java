// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.sql.SQLException;

/** Takes money, once per idempotency key: what stands outside, and what a second run of a step's body reaches again. */
interface Bank {
    /**
     * Charges an order, or repeats the receipt of the charge that was made under this key.
     *
     * @throws dev.cairn.StepFailure if another order or amount was charged under this key; nothing is charged
     * @throws SQLException if the bank cannot be reached; it may or may not have charged, and can be asked again
     */
    Receipt charge(Order order, String idempotencyKey) throws SQLException;
}
