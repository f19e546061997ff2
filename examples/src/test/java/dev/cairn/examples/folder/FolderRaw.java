// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.spi.Head;
import dev.cairn.spi.HeadBuilder;
import dev.cairn.spi.LeaseTerm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** Damages what a {@link FolderStateStore} keeps, past the store, as a bad disk or a person would. */
final class FolderRaw {
    private final Path root;

    FolderRaw(Path root) {
        this.root = root;
    }

    /** The number of files of a namespace; locks and format belong to the whole folder, and stay. */
    long objects(String namespace) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(FolderStorage.hash(namespace)))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    /** Removes an entry, so that its place is free. */
    void removeEntry(String namespace, String runId, long place) throws IOException {
        Files.delete(entry(namespace, runId, place));
    }

    /** Flips one bit of the last byte, which is the body's. */
    void flipByte(String namespace, String runId, long place) throws IOException {
        byte[] bytes = Files.readAllBytes(entry(namespace, runId, place));
        bytes[bytes.length - 1] ^= 1;
        Files.write(entry(namespace, runId, place), bytes);
    }

    /** Cuts the last byte of the body off. */
    void truncate(String namespace, String runId, long place) throws IOException {
        byte[] bytes = Files.readAllBytes(entry(namespace, runId, place));
        Files.write(entry(namespace, runId, place), Arrays.copyOf(bytes, bytes.length - 1));
    }

    /** Adds to every time in the head of a run. */
    void shiftTimes(String namespace, String runId, Duration by) throws IOException {
        Head head = head(namespace, runId);
        HeadBuilder shifted = head.edit()
                .lease(head.lease()
                        .map(term -> new LeaseTerm(term.id(), term.deadline().plus(by), term.ttl())))
                .due(head.due().map(due -> due.plus(by)))
                .created(head.created().plus(by))
                .changed(head.changed().plus(by));
        Files.write(run(namespace, runId).resolve("head"), FolderFormat.of(shifted.build()));
    }

    private Path entry(String namespace, String runId, long place) throws IOException {
        String name = String.format("entry-%s-%010d", head(namespace, runId).incarnation(), place);
        return run(namespace, runId).resolve(name);
    }

    private Head head(String namespace, String runId) throws IOException {
        Path file = run(namespace, runId).resolve("head");
        return FolderFormat.head(file, Files.readAllBytes(file));
    }

    private Path run(String namespace, String runId) {
        return root.resolve(FolderStorage.hash(namespace)).resolve(FolderStorage.hash(runId));
    }
}
