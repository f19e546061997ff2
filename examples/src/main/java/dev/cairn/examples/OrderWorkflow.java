// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.Workflow;
import java.sql.SQLException;

/**
 * What is done with an order, in four steps: charge – reserve – book-courier – mail. Only the bank stands outside; the
 * warehouse, the courier and the mail are simulated here, and answer the same for the same order.
 */
final class OrderWorkflow {
    static final String NAME = "order";

    private static final int SHELVES = 40;

    private OrderWorkflow() {}

    /** The workflow, whose output is the courier's tracking number. A bank that cannot be reached is no reason to fail an order. */
    static Workflow<Order, String> with(Bank bank) {
        return Workflow.named(NAME)
                .input(Order.class)
                .output(String.class)
                .retries(SQLException.class)
                .define((run, order) -> {
                    Receipt receipt =
                            run.step("charge", Receipt.class, step -> bank.charge(order, step.idempotencyKey()));
                    String shelf = run.step("reserve", String.class, step -> shelf(order));
                    String tracking = run.step("book-courier", String.class, step -> tracking(order, shelf));
                    run.step("mail", String.class, step -> mail(order, receipt, tracking));
                    return tracking;
                });
    }

    private static String shelf(Order order) {
        return "shelf " + order.id() % SHELVES;
    }

    private static String tracking(Order order, String shelf) {
        return "courier " + order.shipper() + ", parcel " + order.id() + " from " + shelf;
    }

    private static String mail(Order order, Receipt receipt, String tracking) {
        return "to " + order.customer() + ": receipt " + receipt.number() + ", " + tracking;
    }
}
