// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The temporary folder of one server. A watchdog, a shell that reads from a pipe of this JVM, ends the server by the
 * process id in its file and removes the folder: when {@link #end} is called, and when the JVM ends, however it ends.
 */
final class ServerFolder {
    private static final long LIMIT_SECONDS = 30;
    private static final int TAIL_LINES = 30;

    /** Of this JVM, because the hook that ends them is the JVM's. */
    private static final Set<ServerFolder> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ServerFolder::endAll, "cairn-servers-end"));
    }

    // $1: the folder. Signals are ignored: one for the whole process group must not leave a server without it.
    // pgbouncer has no signal that means "at once" in every version; PostgreSQL's frees its shared memory.
    // A process counts as the server's only if it works in the folder, so a stale file ends nobody else.
    private static final String WATCHDOG =
            """
            trap '' HUP INT TERM
            while read -r _; do :; done
            round=0
            while [ -d "$1" ] && [ "$round" -lt 200 ]; do
              round=$((round + 1))
              running=
              for file in "$1/data/postmaster.pid" "$1/pgbouncer.pid"; do
                [ -f "$file" ] || continue
                pid=
                read -r pid <"$file" || :
                [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || continue
                if [ -e /proc/self ]; then
                  case $(readlink "/proc/$pid/cwd") in "$1" | "$1"/*) ;; *) continue ;; esac
                fi
                running=1
                signal=KILL
                case $file in */postmaster.pid) [ "$round" -ge 100 ] || signal=QUIT ;; esac
                kill -CONT "$pid" 2>/dev/null
                kill "-$signal" "$pid" 2>/dev/null
              done
              [ -n "$running" ] || rm -rf "$1"
              [ ! -d "$1" ] || sleep 0.1
            done
            [ ! -d "$1" ]
            """;

    private final Path path;
    private final Process watchdog;

    private ServerFolder(Path path, Process watchdog) {
        this.path = path;
        this.watchdog = watchdog;
    }

    /** Makes a folder that the servers' account owns. */
    static ServerFolder create(String name) {
        try {
            Path path = Files.createTempDirectory("cairn-" + name + "-").toRealPath();
            Account.ofServers().give(path);
            // Not through a pipe: what it says must not block it, and the JVM may be gone.
            Process watchdog = new ProcessBuilder("sh", "-c", WATCHDOG, "cairn-watchdog", path.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ServerFolder folder = new ServerFolder(path, watchdog);
            OPEN.add(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder for " + name, e);
        }
    }

    Path path() {
        return path;
    }

    /** Writes a file of this folder that only the servers' account reads. */
    Path write(String name, String text) {
        Path file = path.resolve(name);
        try {
            Files.writeString(file, text);
            Account.ofServers().give(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }

    /** Starts a program under the servers' account, in this folder; it adds what it prints to {@code server.log}. */
    Process start(List<String> words) {
        try {
            Process process = Command.process(Account.ofServers().command(words))
                    .directory(path.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", words), e);
        }
    }

    /** Returns the last lines that the server printed. */
    String logTail() {
        try {
            List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log(), e);
        }
    }

    /** Forgets what the server printed so far. */
    void forgetLog() {
        try {
            Files.deleteIfExists(log());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + log(), e);
        }
    }

    /** Ends the server at once, if it runs, and removes the folder; returns when both are done. */
    void end() {
        release();
        awaitEnd();
        OPEN.remove(this);
    }

    private Path log() {
        return path.resolve("server.log");
    }

    private void release() {
        try {
            watchdog.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the watchdog of " + path + " to end", e);
        }
    }

    private void awaitEnd() {
        try {
            boolean ended = watchdog.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended || Files.exists(path)) {
                throw new IllegalStateException("the server of " + path + " could not be ended, or its folder not removed");
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private static void endAll() {
        // All are told before one is waited for.
        OPEN.forEach(ServerFolder::release);
        OPEN.forEach(ServerFolder::awaitEnd);
    }
}
