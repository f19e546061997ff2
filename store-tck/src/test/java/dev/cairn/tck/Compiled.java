// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private Compiled() {}

    /** The classes of a mutant, by name. */
    static Map<String, byte[]> classes(Mutant.Patched patched) {
        Path changed = ROOT.resolve(patched.module())
                .resolve("src/main/java/dev/cairn")
                .resolve(patched.file());
        JavaFileObject mutated = new Source(changed, changedText(changed, patched));
        if (patched.module().equals("core")) {
            return compile(List.of(mutated));
        }
        List<JavaFileObject> all = Stream.concat(
                        Stream.of(mutated),
                        Stream.concat(
                                        javaFiles(ROOT.resolve(patched.module()).resolve("src/main/java")),
                                        harness(patched.module()))
                                .filter(file -> !file.equals(changed))
                                .<JavaFileObject>map(file -> new Source(file, text(file))))
                .toList();
        return compile(all);
    }

    /** What opens the store for the kit is test code of its module. */
    private static Stream<Path> harness(String module) {
        Path tests = ROOT.resolve(module).resolve("src/test/java/dev/cairn/store/sqlite");
        return Stream.of("SqliteHarness.java", "SqliteRaw.java", "SqliteChild.java")
                .map(tests::resolve);
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

    private static Map<String, byte[]> compile(List<? extends JavaFileObject> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavaFileManager inMemory = new InMemory(files, written);
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

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written;

        InMemory(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> written) {
            super(files);
            this.written = written;
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
