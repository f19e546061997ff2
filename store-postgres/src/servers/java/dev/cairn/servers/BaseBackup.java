// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A copy of the data folder of a running server, made by PostgreSQL's low-level backup functions: the binaries of version 18
 * come without {@code pg_basebackup}, and this is the same for every version.
 */
final class BaseBackup {
    /** What a standby writes itself; the folders are needed, what is in them is not. */
    private static final Set<Path> EMPTY =
            Set.of(Path.of("pg_wal"), Path.of("pg_replslot"), Path.of("pg_dynshmem"), Path.of("pg_stat_tmp"));

    private static final Set<Path> LEFT_OUT =
            Set.of(Path.of("postmaster.pid"), Path.of("postmaster.opts"), Path.of("standby.signal"));

    private BaseBackup() {}

    /** Makes the slot, which keeps the log that the copy needs, and copies. */
    static void copy(PostgresAddress admin, String slot, Path from, Path to) {
        // The backup belongs to the session that began it.
        try (Connection connection = admin.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
            statement.execute("SELECT pg_backup_start('" + slot + "', true)");
            Files.walkFileTree(from, new Copying(from, to));
            try (ResultSet rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                rows.next();
                Path label = to.resolve("backup_label");
                Files.writeString(label, rows.getString(1));
                Account.ofServers().give(label);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(admin + " refused a backup", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        }
    }

    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            Path name = from.relativize(folder);
            if (EMPTY.stream().anyMatch(empty -> name.startsWith(empty) && !name.equals(empty))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            copy(folder);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path name = from.relativize(file);
            if (LEFT_OUT.contains(name) || EMPTY.stream().anyMatch(name::startsWith)) {
                return FileVisitResult.CONTINUE;
            }
            copy(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // removed since the backup began, and so will be again from the log
            }
            throw e;
        }

        private void copy(Path path) throws IOException {
            try {
                // With its owner and its rights.
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            } catch (NoSuchFileException e) {
                if (Files.exists(path)) {
                    throw e; // not the source is missing
                }
            }
        }
    }
}
