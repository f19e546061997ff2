// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Files for one call of the store: whole or not there. What fails before the call wrote anything is unavailable, else unknown. */
final class FolderFiles {
    // A file lock belongs to the whole JVM, so the threads of all stores on one folder take turns by these first.
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
        } catch (InterruptedException | IOException | OverlappingFileLockException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw hasWritten
                    ? new OutcomeUnknownException("the folder store failed halfway, repeat the call: " + e, e)
                    : new StoreUnavailableException("the folder store failed before it did anything: " + e, e);
        }
    }

    /** Does something while nobody else does anything under this key, in this process or another. */
    <T> T locked(String key, Supplier<T> work) {
        int stripe = Math.floorMod(Objects.hash(root, key), TURNS.size());
        Path file = root.resolve("locks").resolve("" + stripe);
        long end = System.nanoTime() + lockBound.toNanos();
        return io(() -> {
            if (!TURNS.get(stripe).tryLock(lockBound.toNanos(), TimeUnit.NANOSECONDS)) {
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
                TURNS.get(stripe).unlock();
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

    /** What lies in a folder, as durable as an acknowledged write; nothing if it is not there. */
    List<Path> list(Path folder) {
        return io(() -> {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> all = files.toList();
                force(folder);
                return all;
            } catch (NoSuchFileException e) {
                return List.<Path>of();
            }
        });
    }

    /** Makes a folder and those above it, to stay. */
    void makeFolder(Path folder) {
        io(() -> {
            Files.createDirectories(folder);
            for (Path made = folder; !made.equals(root); made = made.resolveSibling("")) {
                force(made.resolveSibling(""));
            }
            return folder;
        });
    }

    /** Writes a file where none stands, and says whether it did; neither does it where its folder is not there. */
    boolean create(Path file, byte[] content) {
        return io(() -> {
            Path draft = draft(content);
            hasWritten = true;
            try {
                Files.createLink(file, draft);
                return force(file.resolveSibling(""));
            } catch (FileAlreadyExistsException | NoSuchFileException e) {
                return false;
            } finally {
                Files.delete(draft);
            }
        });
    }

    void replace(Path file, byte[] content) {
        io(() -> {
            Path draft = draft(content);
            hasWritten = true;
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return force(file.resolveSibling(""));
        });
    }

    /** Removes files in this order, and then their folder. */
    void remove(List<Path> files, Path folder) {
        io(() -> {
            hasWritten = true;
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            return Files.deleteIfExists(folder) && force(folder.resolveSibling(""));
        });
    }

    private Path draft(byte[] content) throws IOException {
        Path draft = root.resolve("drafts").resolve(UUID.randomUUID().toString());
        force(Files.write(draft, content, StandardOpenOption.CREATE_NEW));
        return draft;
    }

    private static boolean force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
        return true;
    }
}
