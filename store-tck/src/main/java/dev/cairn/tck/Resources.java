// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process holds: threads, open files, memory. What the system does not tell is left out. */
final class Resources {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int PATIENCE = 300;
    private static final int A_WHILE = 20;
    private static final int NAP_MILLIS = 10;

    private Resources() {}

    /** The threads that keep the process alive. */
    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The names of those that were not there before; waits a little while there are this many, as threads end by themselves. */
    static Set<String> threadsBeyond(Set<Thread> before, int tooMany) {
        Set<Thread> more = threads();
        more.removeAll(before);
        for (int naps = 0; more.size() >= tooMany && naps < PATIENCE; naps++) {
            nap();
            more.removeIf(thread -> !thread.isAlive());
        }
        Set<String> names = new TreeSet<>();
        more.forEach(thread -> names.add(thread.getName() + " " + names.size()));
        return names;
    }

    /**
     * How many files lie where temporary ones are made, by what their names have in common: without digits. Those of the
     * kit are left out. What other processes make there is counted too.
     */
    static Map<String, Long> temporaryFiles() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith(Storages.FOLDER))
                    .collect(Collectors.groupingBy(
                            name -> name.replaceAll("[0-9a-fA-F-]{4,}|[0-9]+", "#"), Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of which there are so many more than before; waits a little while there are any, as they may be removed late. */
    static Set<String> temporaryFilesBeyond(Map<String, Long> before, int tooMany) {
        Set<String> more = Set.of();
        for (int naps = 0; naps == 0 || (!more.isEmpty() && naps < A_WHILE); naps++) {
            nap();
            more = temporaryFiles().entrySet().stream()
                    .filter(each -> each.getValue() - before.getOrDefault(each.getKey(), 0L) >= tooMany)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return more;
    }

    /** How many sockets are open, where the system tells; else none. */
    static long sockets() {
        return descriptors().stream()
                .flatMap(descriptor -> target(descriptor).stream())
                .filter(target -> target.toString().startsWith("socket:"))
                .count();
    }

    /** How many more there are; waits a little while there are so many, as they may be closed late. */
    static long socketsBeyond(long before, int tooMany) {
        long more = sockets() - before;
        for (int naps = 0; more >= tooMany && naps < PATIENCE; naps++) {
            nap();
            more = sockets() - before;
        }
        return more;
    }

    /** How many connections there are; waits a little while there are more than so many, as they may be closed late. */
    static int liveBeyond(Wire wire, int most) {
        int live = wire.live();
        for (int naps = 0; live > most && naps < PATIENCE; naps++) {
            nap();
            live = wire.live();
        }
        return live;
    }

    /** The open files below a folder, where the system tells. */
    static Set<String> openFiles(Path folder) {
        Set<String> open = new TreeSet<>();
        for (Path descriptor : descriptors()) {
            target(descriptor).filter(file -> file.startsWith(folder)).ifPresent(file -> open.add(file.toString()));
        }
        return open;
    }

    private static Optional<Path> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor));
        } catch (IOException e) {
            return Optional.empty(); // closed meanwhile
        }
    }

    /** How many files and sockets are open, where the system tells. */
    static OptionalLong openFileCount() {
        Set<Path> open = descriptors();
        return open.isEmpty() ? OptionalLong.empty() : OptionalLong.of(open.size());
    }

    private static Set<Path> descriptors() {
        if (!Files.isReadable(DESCRIPTORS)) {
            return Set.of();
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** The bytes in use after a collection, where one can be asked for. */
    static OptionalLong heap() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        Runtime runtime = Runtime.getRuntime();
        for (int naps = 0; naps < 3 || (garbage.get() != null && naps < 20); naps++) {
            System.gc();
            nap();
        }
        return garbage.get() == null
                ? OptionalLong.of(runtime.totalMemory() - runtime.freeMemory())
                : OptionalLong.empty();
    }

    private static void nap() {
        try {
            Thread.sleep(NAP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
    }
}
