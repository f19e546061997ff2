// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.Cairn;
import dev.cairn.error.CairnException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Checks everything, then runs the orders and says what came of them. */
final class OrdersCommand {
    private static final int MOST_PROBLEMS_SHOWN = 20;

    private final OrdersOptions options;
    private final PrintStream out;
    private final UnaryOperator<Bank> bank;

    OrdersCommand(OrdersOptions options, PrintStream out) {
        this(options, out, bank -> options.killAfter() == 0 ? bank : new KillingBank(bank, options.killAfter()));
    }

    /** A command whose bank has something before it. */
    OrdersCommand(OrdersOptions options, PrintStream out, UnaryOperator<Bank> bank) {
        this.options = options;
        this.out = out;
        this.bank = bank;
    }

    /**
     * Runs the orders.
     *
     * @return whether every order completed and was charged once
     * @throws BadInputException if the input or a file cannot be used; nothing was created or changed
     */
    boolean run() throws SQLException, InterruptedException {
        List<Order> orders = OrderFiles.read(options.places().input());
        LedgerFile.check(options.places().ledger());
        StepCounter steps = new StepCounter();
        try (Cairn cairn = open(steps);
                Ledger ledger = Ledger.open(options.places().ledger())) {
            List<String> problems = job(cairn, ledger, steps, orders);
            problems.stream().limit(MOST_PROBLEMS_SHOWN).forEach(out::println);
            if (problems.size() > MOST_PROBLEMS_SHOWN) {
                out.println("and " + (problems.size() - MOST_PROBLEMS_SHOWN) + " more");
            }
            if (options.killAfter() > 0) {
                out.println("--kill-after " + options.killAfter() + ": this process asked for fewer charges and lives");
            }
            Summary summary = Summary.of(orders, cairn, ledger, steps);
            out.println(summary.line());
            return problems.isEmpty() && summary.isComplete();
        }
    }

    private List<String> job(Cairn cairn, Ledger ledger, StepCounter steps, List<Order> orders)
            throws InterruptedException {
        OrdersJob.Pace pace = new OrdersJob.Pace(options.lease(), options.concurrency(), System::nanoTime);
        Progress progress = Progress.on(out, orders.size());
        try {
            return new OrdersJob(cairn, OrderWorkflow.with(bank.apply(ledger)), steps, pace, progress).run(orders);
        } finally {
            progress.done();
        }
    }

    /** An order that another process holds is not waited for: it comes again. */
    private Cairn open(StepCounter steps) {
        try {
            return Cairn.builder(options.places().store())
                    .lease(options.lease())
                    .patience(Duration.ZERO)
                    .listener(steps)
                    .build();
        } catch (IllegalArgumentException | CairnException e) {
            throw new BadInputException("option --store: " + e.getMessage(), e);
        }
    }
}
