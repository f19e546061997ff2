// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
final class Command {
    private static final long LIMIT_SECONDS = 120;

    private Command() {}

    /**
     * Runs it and returns what it printed, both streams together.
     *
     * @throws IllegalStateException if it ended with another code than 0 or not at all; the message holds what it printed
     */
    static String run(List<String> words) {
        Ended ended = end(words).orElseThrow(() -> new IllegalStateException(words.get(0) + " is not there"));
        if (ended.code != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + " ended with code " + ended.code + ":\n" + ended.output);
        }
        return ended.output;
    }

    /** Runs it and returns what it printed, or nothing if it is not there or failed. */
    static Optional<String> output(List<String> words) {
        return end(words).filter(ended -> ended.code == 0).map(ended -> ended.output);
    }

    /** Returns whether it is there and ends with code 0. */
    static boolean succeeds(List<String> words) {
        return output(words).isPresent();
    }

    /** A builder of a process that does not see the settings of a PostgreSQL client, and speaks English. */
    static ProcessBuilder process(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static Optional<Ended> end(List<String> words) {
        try {
            // Into a file: a pipe could fill up, or be held open by what the program left running.
            Path printed = Files.createTempFile("cairn-command", ".out");
            try {
                Process process;
                try {
                    process = process(words)
                            .redirectOutput(printed.toFile())
                            .directory(new File(System.getProperty("java.io.tmpdir")))
                            .start();
                } catch (IOException e) {
                    return Optional.empty(); // there is no such program
                }
                process.getOutputStream().close();
                int code = await(process, words);
                return Optional.of(new Ended(code, Files.readString(printed).strip()));
            } finally {
                Files.delete(printed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words.get(0), e);
        }
    }

    private static int await(Process process, List<String> words) {
        try {
            if (process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw Waiting.interrupted(e);
        }
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", words) + " did not end within " + LIMIT_SECONDS + " s");
    }

    private record Ended(int code, String output) {}
}
