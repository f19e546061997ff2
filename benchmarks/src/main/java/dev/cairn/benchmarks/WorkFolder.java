// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A flat folder of files that are removed with it. */
final class WorkFolder implements AutoCloseable {
    private final Path path;

    private WorkFolder(Path path) {
        this.path = path;
    }

    static WorkFolder in(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new WorkFolder(Files.createTempDirectory(parent, "benchmark-"));
    }

    Path path() {
        return path;
    }

    /** Removes the files whose names begin so. */
    void remove(String prefix) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                path, file -> file.getFileName().toString().startsWith(prefix))) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("files in " + path + " cannot be removed; remove the folder by hand", e);
        }
    }

    @Override
    public void close() {
        remove("");
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be removed; remove it by hand", e);
        }
    }
}
