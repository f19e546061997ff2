// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The storages of one run of the kit, each with a folder of its own that goes at the end. */
final class Storages implements AutoCloseable {
    /** What the names of the kit's own folders begin with. */
    static final String FOLDER = "cairn-tck-";

    private final StoreHarness harness;
    private final Path root;
    private final Servers servers = new Servers(this);
    private final Children children = new Children(this);

    Storages(StoreHarness harness) {
        this.harness = harness;
        try {
            root = Files.createTempDirectory(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot make a temporary folder", e);
        }
    }

    /** A name that nothing was stored under: of a storage, or a namespace. */
    static String freshName() {
        return "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    StoreHarness harness() {
        return harness;
    }

    /** The server of this run of the kit that may be ended. */
    Servers servers() {
        return servers;
    }

    /** The processes that are started. */
    Children children() {
        return children;
    }

    /** A folder for what the kit itself keeps. */
    Path root() {
        return root;
    }

    StoreEnv env(String storage, StoreOptions options) {
        return env(storage, options, Optional.empty());
    }

    private StoreEnv env(String storage, StoreOptions options, Optional<Route> route) {
        Path folder = root.resolve(storage);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot make a folder for a storage", e);
        }
        return new StoreEnv(storage, folder, options, route);
    }

    StateStore open(String storage, StoreOptions options) {
        return open(harness.opener(), storage, options);
    }

    /** Opens the storage over a route. */
    StateStore open(String storage, StoreOptions options, Route route) {
        return open(harness.opener(), storage, options, route);
    }

    StateStore open(StoreOpener opener, String storage, StoreOptions options, Route route) {
        return open(opener, env(storage, options, Optional.of(route)));
    }

    StateStore open(StoreOpener opener, String storage, StoreOptions options) {
        return open(opener, env(storage, options));
    }

    private StateStore open(StoreOpener opener, StoreEnv env) {
        try {
            return opener.open(env);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotOpen("the harness of " + harness.name() + " could not open the store", e);
        }
    }

    /** An opener threw what is none of the store's errors: no clause takes it for a refusal. */
    private static final class CannotOpen extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotOpen(String message, Exception cause) {
            super(message, cause);
        }
    }

    @Override
    public void close() {
        try {
            servers.close();
        } finally {
            children.close();
        }
        removeFolder();
    }

    private void removeFolder() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot remove its temporary folder " + root, e);
        }
    }
}
