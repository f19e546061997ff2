// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command did that ran in this process. */
record Ran(int status, String out, String err) {

    static Ran command(List<String> args) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The last line that begins with {@code orders=}; empty if there is none. */
    String summary() {
        return summaryOf(out.lines().toList());
    }

    static String summaryOf(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("orders="))
                .reduce((first, last) -> last)
                .orElse("");
    }
}
