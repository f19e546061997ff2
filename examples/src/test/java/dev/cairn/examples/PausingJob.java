// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The job, but its first charge reaches the bank, says so, and waits for a line before it returns. */
final class PausingJob {
    private PausingJob() {}

    public static void main(String[] args) throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        List<String> options = List.of(args).subList(1, args.length);
        boolean complete = new OrdersCommand(OrdersOptions.parse(options), System.out, bank -> (order, key) -> {
                    Receipt receipt = bank.charge(order, key);
                    if (first.getAndSet(false)) {
                        System.out.println("charged " + order.runId());
                        awaitLine();
                    }
                    return receipt;
                })
                .run();
        System.exit(complete ? 0 : 1);
    }

    private static void awaitLine() {
        try {
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
