// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The programs {@code initdb} and {@code postgres} of one version. */
record PostgresBinaries(Path bin) {
    /** Where Debian's packages put each version; their pg_config answers only with the headers installed. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static final int EXECUTABLE = 0111;

    /** Of this JVM: unpacking takes a second. */
    private static @Nullable PostgresBinaries unpacked;

    /** Returns those of the PostgreSQL 15 that is installed on this machine. */
    static Optional<PostgresBinaries> local15() {
        return Holder.LOCAL_15;
    }

    /**
     * Returns those that came as a dependency, unpacked for as long as this JVM lives.
     *
     * @throws IllegalStateException if there are none for this system
     */
    static synchronized PostgresBinaries embedded18() {
        if (unpacked == null) {
            unpacked = unpack();
        }
        return unpacked;
    }

    /** Returns why there are none of 18 for this system, or nothing if there are. */
    static synchronized String missing18() {
        if (unpacked != null) {
            return "";
        }
        try {
            archive18().close();
            return "";
        } catch (IOException | IllegalStateException e) {
            return "no embedded binaries: " + e.getMessage();
        }
    }

    String initdb() {
        return bin.resolve("initdb").toString();
    }

    String postgres() {
        return bin.resolve("postgres").toString();
    }

    private static Optional<PostgresBinaries> find15() {
        List<Path> folders = new ArrayList<>();
        Command.output(List.of("pg_config", "--bindir")).map(Path::of).ifPresent(folders::add);
        if (Files.isDirectory(DEBIAN)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
                versions.forEach(version -> folders.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + DEBIAN, e);
            }
        }
        return folders.stream()
                .map(PostgresBinaries::new)
                .filter(found -> Files.isExecutable(Path.of(found.initdb())))
                .filter(found -> Command.output(List.of(found.postgres(), "--version"))
                        .filter(version -> version.contains("(PostgreSQL) 15."))
                        .isPresent())
                .findFirst();
    }

    private static PostgresBinaries unpack() {
        ServerFolder folder = ServerFolder.create("postgres-binaries");
        try (InputStream archive = archive18();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, folder.path());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL's binaries into " + folder.path(), e);
        }
        return new PostgresBinaries(folder.path().resolve("bin"));
    }

    private static InputStream archive18() throws IOException {
        String machine = ArchUtils.normalize(System.getProperty("os.arch"));
        return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(System.getProperty("os.name"), machine);
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("the archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            return;
        }
        Files.createDirectories(folder.resolve(entry.getName()).getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        // The servers' account is not the owner of these files.
        String permissions = (entry.getMode() & EXECUTABLE) == 0 ? "rw-r--r--" : "rwxr-xr-x";
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** Looked for once, at first use. */
    private static final class Holder {
        static final Optional<PostgresBinaries> LOCAL_15 = find15();
    }
}
