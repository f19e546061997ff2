// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processes of a running server, known by the id in {@code postmaster.pid}.
 */
final class PostmasterProcess {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

    // The lines of postmaster.pid.
    private static final int PID = 0;
    private static final int SHARED_MEMORY = 6;
    private static final int STATE = 7;

    private final Path data;

    PostmasterProcess(Path data) {
        this.data = data;
    }

    /** Returns whether the server says that it takes connections. */
    boolean isReady() {
        List<String> lines = lines();
        if (lines.size() <= STATE) {
            return false;
        }
        String state = lines.get(STATE).strip();
        return state.equals("ready") || state.equals("standby");
    }

    /** The postmaster and then its children. */
    List<ProcessHandle> all() {
        List<String> lines = lines();
        List<ProcessHandle> all = new ArrayList<>();
        if (!lines.isEmpty()) {
            ProcessHandle.of(Long.parseLong(lines.get(PID))).ifPresent(postmaster -> {
                all.add(postmaster);
                try (Stream<ProcessHandle> children = postmaster.descendants()) {
                    children.forEach(all::add);
                }
            });
        }
        return all;
    }

    /** Forgets a server that is gone: its file says that it is ready, and its id may by now be another's. */
    void forget() {
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + data.resolve("postmaster.pid"), e);
        }
    }

    /** A crash: all of them end by SIGKILL. Returns when they are gone. */
    void kill() {
        List<String> lines = lines();
        ProcessHandle postmaster = postmaster();
        // Stopped first: it could fork another child between the look and the kill.
        signal("STOP", postmaster);
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitGone(all, KILL_LIMIT);
        if (lines.size() > SHARED_MEMORY) {
            // A few bytes of System V memory, which mark a data folder in use, outlive the processes.
            String id = lines.get(SHARED_MEMORY).strip().split("\\s+", 2)[1];
            Command.run(List.of("ipcrm", "-m", id));
        }
    }

    /** A clean stop, without waiting for the clients. */
    void stop(Duration limit) {
        List<ProcessHandle> all = all();
        signal("INT", postmaster());
        awaitGone(all, limit);
    }

    private ProcessHandle postmaster() {
        return all().stream().findFirst().orElseThrow(() -> new IllegalStateException("the server has ended by itself"));
    }

    private static void signal(String name, ProcessHandle process) {
        Command.run(List.of("sh", "-c", "kill -" + name + " \"$1\"", "sh", Long.toString(process.pid())));
    }

    private static void awaitGone(List<ProcessHandle> all, Duration limit) {
        // The postmaster is a child of this JVM: until it is asked for its exit code, the next one would find its id in use.
        ProcessHandle postmaster = all.get(0);
        if (!Waiting.until(limit, () -> !postmaster.isAlive() && all.stream().allMatch(PostmasterProcess::isGone))) {
            throw new IllegalStateException("still there after " + limit.toSeconds() + " s: "
                    + all.stream().filter(process -> !isGone(process)).map(ProcessHandle::pid).toList());
        }
    }

    /** Returns whether it runs no more; one that nobody asked for its exit code still has an id. */
    static boolean isGone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return !process.isAlive(); // ended meanwhile, or a system without /proc
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + data.resolve("postmaster.pid"), e);
        }
    }
}
