// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs the sample orders in a process that is killed at the worst moment, resumes them in this one, and says what it did. */
final class Demo {
    private static final String ORDERS_FILE = "orders.csv";
    private static final String KILL_AFTER = "5";
    private static final int SIGKILL_STATUS = 137;

    private final PrintStream out;

    Demo(PrintStream out) {
        this.out = out;
    }

    /** Runs it in a new temporary folder, which stays there to be looked at; returns whether every order was charged once. */
    boolean run() throws IOException, SQLException, InterruptedException {
        Path folder = Files.createTempDirectory("cairn-demo-");
        copySample(folder, ORDERS_FILE);
        copySample(folder, OrderFiles.LINES_FILE);
        List<String> options = List.of(
                "--input",
                folder.resolve(ORDERS_FILE).toString(),
                "--store",
                "sqlite:" + folder.resolve("orders.db"),
                "--ledger",
                folder.resolve("ledger.db").toString(),
                "--lease",
                "2");

        out.println("Made-up orders, four steps each: charge, reserve, book-courier, mail.");
        out.println("The store and the bank are two SQLite files in " + folder + ".");
        boolean killed = runKilled(options);
        out.println();
        out.println("2. The same again on the same files, in this process:");
        boolean complete = new OrdersCommand(OrdersOptions.parse(options), out).run();
        if (complete) {
            explain(folder);
        }
        return killed && complete;
    }

    private boolean runKilled(List<String> options) throws IOException, InterruptedException {
        out.println();
        out.println("1. A process of its own, killed (kill -9) at the worst moment: charge " + KILL_AFTER
                + " has reached the bank and is not recorded.");
        List<String> args = new ArrayList<>(List.of("orders"));
        args.addAll(options);
        args.addAll(List.of("--kill-after", KILL_AFTER));
        Process child = ChildJvm.of(Main.class, args).start();
        try (BufferedReader lines = child.inputReader()) {
            lines.lines().forEach(out::println);
        }
        int status = child.waitFor();
        out.println(
                "It ended with " + status + (status == SIGKILL_STATUS ? ", which is SIGKILL." : "; expected was 137."));
        return status == SIGKILL_STATUS;
    }

    private void explain(Path folder) {
        out.printf("""

                Every order is complete and was charged once. What was recorded before the kill was not run again. The one
                step that was not recorded ran a second time and asked the bank for charge %s again, under the same
                idempotency key: the bank counted a repeat and took no money.

                Look at what is recorded, and at what the bank saw:

                    sqlite3 %s "SELECT run_id, step_key, value FROM cairn_steps LIMIT 8"
                    sqlite3 %s "SELECT * FROM charge WHERE repeats > 0"

                Run it on orders of your own, kill it whenever you like, and run the same command again:

                    mvn -q -pl examples -am compile exec:java -Dexec.args="%s"
                """, KILL_AFTER, folder.resolve("orders.db"), folder.resolve("ledger.db"), OrdersOptions.USAGE);
    }

    private static void copySample(Path folder, String name) throws IOException {
        try (InputStream sample = Demo.class.getResourceAsStream("/" + name)) {
            if (sample == null) {
                throw new IllegalStateException("the sample " + name + " is not on the class path");
            }
            Files.copy(sample, folder.resolve(name));
        }
    }
}
