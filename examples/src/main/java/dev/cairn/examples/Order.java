// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

/**
 * An order: the input of its run.
 *
 * @param customer five capital letters
 * @param shipper 1 to 99
 */
record Order(int id, String customer, int shipper, long amountCents) {
    String runId() {
        return "order-" + id;
    }
}
