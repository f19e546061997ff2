// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A second world of all that is ours, in which some classes are others. What is not ours is shared with this one. */
final class Isolated extends ClassLoader {
    private static final String OURS = "dev.cairn.";
    // A server outlives the mutants: all of them share it.
    private static final String SERVERS = OURS + "servers.";

    private final Map<String, byte[]> others;

    Isolated(Map<String, byte[]> others) {
        super(Isolated.class.getClassLoader());
        this.others = others;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(SERVERS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = others.containsKey(name) ? others.get(name) : own(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] own(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The resources of a store that is compiled from its sources. */
    @Override
    protected @Nullable URL findResource(String name) {
        try {
            for (String module : List.of("store-sqlite", "store-postgres")) {
                Path file = Compiled.ROOT
                        .resolve(module)
                        .resolve("src/main/resources")
                        .resolve(name);
                if (Files.exists(file)) {
                    return file.toUri().toURL();
                }
            }
            return null;
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries a clause in this world: its outcome, whether it failed by its own message, and the report. */
    @SuppressWarnings("unchecked")
    List<String> tryOut(String module, String clause) {
        try {
            Object answer = loadClass(Inside.class.getName())
                    .getMethod("tryOut", String.class, String.class)
                    .invoke(null, module, clause);
            return (List<String>) answer;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    /** What is called from the other world; only types of the JDK go across. */
    public static final class Inside {
        private Inside() {}

        /** Tries a clause on the store of a module. */
        public static List<String> tryOut(String module, String clause) {
            StoreHarness harness = switch (module) {
                case "core" -> MemoryHarness.create();
                case "store-sqlite" -> StoreSource.sqlite();
                default -> StoreSource.postgres();
            };
            return Tried.said(OneClause.on(harness, clause));
        }
    }
}
