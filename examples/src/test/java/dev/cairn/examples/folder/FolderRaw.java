// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.spi.Head;
import dev.cairn.spi.HeadBuilder;
import dev.cairn.spi.LeaseTerm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** Looks at what a {@link FolderStateStore} keeps and damages it, past the store, as a bad disk or a person would. */
final class FolderRaw {
    private final Path root;

    FolderRaw(Path root) {
        this.root = root;
    }

    /** The number of files of a namespace; the locks and the format are the whole folder's, and stay. */
    long objects(String namespace) {
        try (Stream<Path> files = Files.walk(root.resolve(FolderStorage.hash(namespace)))) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes an entry, so that its place is free. */
    void removeEntry(String namespace, String runId, long place) {
        try {
            Files.delete(entry(namespace, runId, place));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the last byte of the body of an entry. */
    void flipByte(String namespace, String runId, long place) {
        byte[] bytes = read(entry(namespace, runId, place));
        bytes[bytes.length - 1] ^= 1;
        write(entry(namespace, runId, place), bytes);
    }

    /** Cuts the last byte of the body of an entry off. */
    void truncate(String namespace, String runId, long place) {
        byte[] bytes = read(entry(namespace, runId, place));
        write(entry(namespace, runId, place), Arrays.copyOf(bytes, bytes.length - 1));
    }

    /** Adds a duration to every time in the head of a run. */
    void shiftTimes(String namespace, String runId, Duration by) {
        Head head = head(namespace, runId);
        HeadBuilder shifted = head.edit()
                .lease(head.lease()
                        .map(term -> new LeaseTerm(term.id(), term.deadline().plus(by), term.ttl())))
                .due(head.due().map(due -> due.plus(by)))
                .created(head.created().plus(by))
                .changed(head.changed().plus(by));
        write(run(namespace, runId).resolve("head"), FolderFormat.of(shifted.build()));
    }

    private Path entry(String namespace, String runId, long place) {
        String name = String.format(
                Locale.ROOT, "entry-%s-%010d", head(namespace, runId).incarnation(), place);
        return run(namespace, runId).resolve(name);
    }

    private Head head(String namespace, String runId) {
        Path file = run(namespace, runId).resolve("head");
        return FolderFormat.head(file, read(file));
    }

    private Path run(String namespace, String runId) {
        return root.resolve(FolderStorage.hash(namespace)).resolve(FolderStorage.hash(runId));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
