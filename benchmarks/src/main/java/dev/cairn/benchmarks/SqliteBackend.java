// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** SQLite, a file for each contestant. */
final class SqliteBackend implements Backend {
    static final String NAME = "sqlite";

    // Here 128 runs queue for one writer, on machines whose disk may be busy; waiting is slow, and no failure.
    private static final String LOCK_BOUND = "?lock-bound=10s";

    private final WorkFolder folder;
    private final AtomicInteger files = new AtomicInteger();

    /** Puts its files into a folder, which should be on a disk. */
    SqliteBackend(Path parent) throws IOException {
        folder = WorkFolder.in(parent);
    }

    @Override
    public Storage create() {
        Path file = folder.path().resolve("store-" + files.incrementAndGet() + ".db");
        return new Storage() {
            @Override
            public StateStore open() {
                return Stores.open("sqlite:" + file + LOCK_BOUND);
            }

            @Override
            public Optional<RawDriver> raw() {
                return Optional.of(new SqliteRaw(file));
            }

            @Override
            public Optional<Contestant.Resuming> dbos() {
                return Optional.empty();
            }

            /** The last one to close it has moved the write-ahead log into the file. */
            @Override
            public Counts counted() throws IOException {
                return new Counts(Map.of(Count.DISK, Files.exists(file) ? (double) Files.size(file) : 0));
            }

            @Override
            public void close() {
                folder.remove(file.getFileName().toString());
            }
        };
    }

    @Override
    public Storage createCounted() {
        return create();
    }

    @Override
    public void rest() {}

    @Override
    public void close() {
        folder.close();
    }
}
