// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles sources of ours in memory, one of them changed. */
final class Compiled {
    static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    /** Each module as it is, compiled once: a mutant changes one file of it. */
    private static final Map<String, Map<String, byte[]>> MODULES = new ConcurrentHashMap<>();

    private Compiled() {}

    /** The classes of a mutant, by name. */
    static Map<String, byte[]> classes(Mutant.Patched patched) {
        Path changed = ROOT.resolve(patched.module())
                .resolve("src/main/java/dev/cairn")
                .resolve(patched.file());
        JavaFileObject mutated = new Source(changed, changedText(changed, patched));
        if (patched.module().equals("core")) {
            return compile(List.of(mutated), Map.of());
        }
        Map<String, byte[]> unchanged = MODULES.computeIfAbsent(patched.module(), Compiled::module);
        Map<String, byte[]> all = new HashMap<>(unchanged);
        all.putAll(compile(List.of(mutated), unchanged));
        return all;
    }

    private static Map<String, byte[]> module(String module) {
        Stream<Path> sources = Stream.concat(javaFiles(ROOT.resolve(module).resolve("src/main/java")), harness(module));
        return compile(sources.map(file -> new Source(file, text(file))).toList(), Map.of());
    }

    /** What opens the store for the kit is test code of its module. */
    private static Stream<Path> harness(String module) {
        Path tests = ROOT.resolve(module).resolve("src/test/java/dev/cairn/store");
        return module.equals("store-sqlite")
                ? Stream.of("SqliteHarness.java", "SqliteLocks.java", "SqliteRaw.java", "SqliteChild.java")
                        .map(tests.resolve("sqlite")::resolve)
                : Stream.of(
                                "PostgresHarness.java",
                                "PostgresChild.java",
                                "PostgresEnding.java",
                                "PostgresLocks.java",
                                "PostgresPair.java",
                                "PostgresRaw.java",
                                "TestSchema.java")
                        .map(tests.resolve("postgres")::resolve);
    }

    private static String changedText(Path file, Mutant.Patched patched) {
        String text = text(file);
        int at = text.indexOf(patched.text());
        if (at < 0 || text.indexOf(patched.text(), at + 1) >= 0) {
            throw new IllegalStateException("the mutant's text has to stand once in " + patched.file()
                    + " and stands there " + (at < 0 ? "not at all" : "more than once") + ": " + patched.text());
        }
        return text.replace(patched.text(), patched.instead());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles sources against classes that are on no path. */
    private static Map<String, byte[]> compile(List<? extends JavaFileObject> sources, Map<String, byte[]> known) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavaFileManager inMemory = new InMemory(files, known, written);
            List<String> options = List.of(
                    "--release", "17", "-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(messages, inMemory, null, options, null, sources)
                    .call()) {
                throw new IllegalStateException("a mutant does not compile: " + messages);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Known extends SimpleJavaFileObject {
        private final String name;
        private final byte[] bytes;

        Known(String name, byte[] bytes) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, byte[]> known;
        private final Map<String, ByteArrayOutputStream> written;

        InMemory(StandardJavaFileManager files, Map<String, byte[]> known, Map<String, ByteArrayOutputStream> written) {
            super(files);
            this.known = known;
            this.written = written;
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location, String pack, Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
            Iterable<JavaFileObject> found = super.list(location, pack, kinds, recurse);
            if (location != StandardLocation.CLASS_PATH || !kinds.contains(JavaFileObject.Kind.CLASS)) {
                return found;
            }
            List<JavaFileObject> all = new ArrayList<>();
            found.forEach(all::add);
            known.forEach((name, bytes) -> {
                if (name.substring(0, name.lastIndexOf('.')).equals(pack)) {
                    all.add(new Known(name, bytes));
                }
            });
            return all;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Known it ? it.name : super.inferBinaryName(location, file);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
            if (location != StandardLocation.CLASS_OUTPUT) {
                throw new IllegalStateException("unexpected output " + location);
            }
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
