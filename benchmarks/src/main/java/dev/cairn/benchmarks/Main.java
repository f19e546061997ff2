// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmarks from a command line. */
public final class Main {
    /** Names the folder of the repository; set by the build, which may be called from anywhere. */
    static final String REPOSITORY = "cairn.repository";

    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Main() {}

    /** Ends the JVM with 1 if a contestant failed, with 2 if an option was bad and nothing was started. */
    public static void main(String[] args) throws InterruptedException {
        int status = run(List.of(args), Path.of(System.getProperty(REPOSITORY, "")), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> args, Path repository, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            if (args.isEmpty() || !args.get(0).equals("steps")) {
                throw new BadInputException((args.isEmpty() ? "no command" : "unknown command \"" + args.get(0) + "\"")
                        + "; write " + Options.USAGE);
            }
            Path base = repository.toAbsolutePath().normalize();
            Options options = Options.parse(args.subList(1, args.size()), base);
            return new StepsCommand(options, base.resolve("benchmarks/target"), out, err).run() ? 0 : FAILED;
        } catch (BadInputException e) {
            err.println(e.getMessage());
            return BAD_INPUT;
        } catch (IOException e) {
            err.println("the results cannot be written: " + e);
            return FAILED;
        }
    }
}
