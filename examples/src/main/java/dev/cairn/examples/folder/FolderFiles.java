// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Files, whole or not there, for one call of the store: until the call writes, what fails is unavailable, then unknown. */
final class FolderFiles {
    // A file lock belongs to the whole JVM, so the threads of all stores first take turns by the one of the same number
    // here.
    private static final List<ReentrantLock> TURNS =
            Stream.generate(() -> new ReentrantLock(true)).limit(64).toList();

    private final Path root;
    private final Duration lockBound;
    private boolean hasWritten;

    FolderFiles(Path root, Duration lockBound) {
        this.root = root;
        this.lockBound = lockBound;
    }

    private interface Work<T> {
        T go() throws IOException, InterruptedException;
    }

    private <T> T io(Work<T> work) {
        try {
            return work.go();
        } catch (InterruptedException | IOException | UncheckedIOException | OverlappingFileLockException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw hasWritten
                    ? new OutcomeUnknownException("the folder store failed halfway, repeat the call: " + e, e)
                    : new StoreUnavailableException("the folder store failed before it did anything: " + e, e);
        }
    }

    /** Does something while nobody else, in this process or another, does anything under this key. */
    <T> T locked(String key, Supplier<T> work) {
        int number = Math.floorMod(key.hashCode(), TURNS.size());
        Path file = root.resolve("locks").resolve("" + number);
        long end = System.nanoTime() + lockBound.toNanos();
        return io(() -> {
            if (!TURNS.get(number).tryLock(lockBound.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("no turn within " + lockBound);
            }
            try (var lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                for (; lock.tryLock() == null; Thread.sleep(1)) {
                    if (System.nanoTime() - end > 0) {
                        throw new IOException("no lock within " + lockBound);
                    }
                }
                return work.get();
            } finally {
                TURNS.get(number).unlock();
            }
        });
    }

    Optional<byte[]> read(Path file) {
        return io(() -> {
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    /** What lies in a folder under names that begin so, in their order, as durable as what was acknowledged. */
    List<Path> list(Path folder, String prefix) {
        return io(() -> {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> found = files.filter(file -> file.toFile().getName().startsWith(prefix))
                        .sorted()
                        .toList();
                force(folder);
                return found;
            } catch (NoSuchFileException e) {
                return List.<Path>of();
            }
        });
    }

    void makeFolder(Path folder) {
        io(() -> Files.isDirectory(folder) ? folder : Files.createDirectory(folder));
        io(() -> force(folder.resolveSibling("")));
    }

    /** Writes a file where none stands; says whether it did. */
    boolean create(Path file, byte[] content) {
        return io(() -> {
            Path draft = draft(content);
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return !force(file.resolveSibling("")); // what stands there is acknowledged too
            } finally {
                Files.delete(draft);
            }
            return force(file.resolveSibling(""));
        });
    }

    void replace(Path file, byte[] content) {
        io(() -> force(
                Files.move(draft(content), file, StandardCopyOption.ATOMIC_MOVE).resolveSibling("")));
    }

    /** Removes files of a folder in this order. */
    void remove(Path folder, List<Path> files) {
        hasWritten = true;
        for (Path file : files) {
            io(() -> Files.deleteIfExists(file));
        }
        io(() -> Files.isDirectory(folder) && force(folder));
    }

    private Path draft(byte[] content) throws IOException {
        Path draft = root.resolve("drafts").resolve(UUID.randomUUID().toString());
        force(Files.write(draft, content, StandardOpenOption.CREATE_NEW));
        hasWritten = true; // whatever comes next may have been done although it fails
        return draft;
    }

    private static boolean force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
        return true;
    }
}
