// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A child process of a test: what it prints, how it ends, and signals to it alone. Closing it ends it. */
final class Child implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 60;

    private final Process process;
    private final Thread reader;
    private final LinkedBlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of child " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Child start(ProcessBuilder builder) throws IOException {
        return new Child(builder.start());
    }

    private void read() {
        try (BufferedReader in = process.inputReader()) {
            in.lines().forEach(line -> {
                lines.add(line);
                unread.add(line);
            });
        } catch (IOException | UncheckedIOException e) {
            unread.add("the output ended: " + e);
        }
    }

    void awaitLine(String beginning) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            String line = unread.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no line \"" + beginning + "…\" in time; its output: " + lines);
            }
            if (line.startsWith(beginning)) {
                return;
            }
        }
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end in time; its output: " + lines);
        }
        reader.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        return process.exitValue();
    }

    /** Whether it is alive when so much time has passed. */
    boolean isAliveAfter(long millis) throws InterruptedException {
        return !process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    String summary() {
        return Ran.summaryOf(lines());
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("kill -" + name + " ended with " + status);
        }
    }

    /** Lets a child go on that waits for a line. */
    void sendLine() throws IOException {
        process.outputWriter().write("\n");
        process.outputWriter().flush();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
