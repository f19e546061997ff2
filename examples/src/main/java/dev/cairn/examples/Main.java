// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.error.CairnException;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;

/** Runs the demonstration, or with {@code orders} a job on orders of your own. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Main() {}

    /** Ends the JVM with 1 if something failed or did not complete, with 2 if the input was bad and nothing was changed. */
    public static void main(String[] args) throws InterruptedException {
        int status = run(List.of(args), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            return isDone(args, out) ? 0 : FAILED;
        } catch (BadInputException e) {
            err.println(e.getMessage());
            return BAD_INPUT;
        } catch (CairnException | SQLException | IOException e) {
            err.println("the job stopped: " + e);
            return FAILED;
        }
    }

    private static boolean isDone(List<String> args, PrintStream out)
            throws IOException, SQLException, InterruptedException {
        if (args.isEmpty()) {
            return new Demo(out).run();
        }
        if (!args.get(0).equals("orders")) {
            throw new BadInputException("unknown command \"" + args.get(0) + "\"; write " + OrdersOptions.USAGE
                    + ", or nothing for the demonstration");
        }
        return new OrdersCommand(OrdersOptions.parse(args.subList(1, args.size())), out).run();
    }
}
