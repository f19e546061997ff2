// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.servers.PostgresServer;
import java.nio.file.Path;
import java.util.List;

/** The stores that can be measured. */
final class Backends {
    /** Their names, as the command line takes them. */
    static final List<String> NAMES = List.of(MemoryBackend.NAME, SqliteBackend.NAME, PostgresBackend.NAME);

    private Backends() {}

    /**
     * Starts what a store needs.
     *
     * @param work a folder on a disk, for those whose store is files
     */
    static Backend start(String name, Path work) throws Exception {
        return switch (name) {
            case MemoryBackend.NAME -> new MemoryBackend();
            case SqliteBackend.NAME -> new SqliteBackend(work);
            case PostgresBackend.NAME -> PostgresBackend.start(PostgresServer.Kind.POSTGRES15);
            default -> throw new IllegalArgumentException("no store is called \"" + name + "\"; there are " + NAMES);
        };
    }
}
