// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.Cairn;
import dev.cairn.RunList;
import dev.cairn.RunSummary;
import dev.cairn.spi.RunQuery;
import dev.cairn.state.RunStatus;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What came of the orders: read from the store and the ledger, but for the steps, which are those of this process.
 *
 * @param completed orders whose run has completed
 */
record Summary(int orders, int completed, Charges charges, long stepsRun, long stepsReplayed) {

    static Summary of(List<Order> orders, Cairn cairn, Ledger ledger, StepCounter steps) throws SQLException {
        return new Summary(
                orders.size(), completed(orders, cairn), ledger.count(orders), steps.run(), steps.replayed());
    }

    private static int completed(List<Order> orders, Cairn cairn) {
        Set<String> open = new HashSet<>();
        orders.forEach(order -> open.add(order.runId()));
        RunQuery.Builder query = RunQuery.all()
                .workflow(OrderWorkflow.NAME)
                .status(RunStatus.COMPLETED)
                .limit(RunQuery.MAX_LIMIT);
        RunList page = cairn.runs().list(query.build());
        while (true) {
            page.runs().stream().map(RunSummary::id).forEach(open::remove);
            if (page.next().isEmpty()) {
                return orders.size() - open.size();
            }
            page = cairn.runs().list(query.after(page.next().get()).build());
        }
    }

    /** Whether every order completed and was charged once. */
    boolean isComplete() {
        return completed == orders && charges.once() == orders && charges.twice() == 0;
    }

    /** The last line of the job. */
    String line() {
        return "orders=" + orders + " completed=" + completed + " charged_once=" + charges.once() + " charged_twice="
                + charges.twice() + " steps_run=" + stepsRun + " steps_replayed=" + stepsReplayed + " bank_repeats="
                + charges.repeats();
    }
}
