// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts child processes with this one's Java and class path, and looks once whether they can be trusted. */
final class Children implements AutoCloseable {
    /** For short lives: what starts soonest. Its output is for answers alone, so what a JVM warns of goes elsewhere. */
    private static final List<String> OPTIONS = List.of(
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr");

    /** What is said to every JVM, or may be: it would be said to the child as well, and printed. */
    private static final List<String> INHERITED = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Storages storages;
    private final List<Child> started = new CopyOnWriteArrayList<>();
    private final Map<Need, Optional<String>> problems = new EnumMap<>(Need.class);

    Children(Storages storages) {
        this.storages = storages;
    }

    /** Starts one that opens this storage. */
    Child start(String storage, StoreOptions options, ChildJvm jvm) {
        StoreHarness harness = storages.harness();
        StoreEnv env = storages.env(storage, options);
        ChildMain.Opening opening = new ChildMain.Opening(
                harness.child().orElseThrow().getName(),
                storage,
                env.folder().toString(),
                options,
                harness.childSettings());
        Child child = Child.start(command(jvm), opening);
        started.add(child);
        return child;
    }

    private ProcessBuilder command(ChildJvm jvm) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(jvm.options());
        command.add("@" + classPath());
        command.add(ChildMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        INHERITED.forEach(builder.environment()::remove);
        builder.environment().putAll(jvm.environment());
        return builder;
    }

    /** In a file: a class path may be longer than a command line, and hold any letter. */
    private synchronized Path classPath() {
        String paths = Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(System.getProperty("path.separator")));
        Path file = storages.root().resolve("child.args");
        try {
            if (Files.exists(file)) {
                return file; // a child may be reading it
            }
            return Files.writeString(file, "-cp \"" + paths.replace("\\", "\\\\") + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot write for its children", e);
        }
    }

    /** Why children (META-05), or those with a wrong clock (META-06), cannot be trusted, if so; looked at once. */
    synchronized Optional<String> problem(Need need) {
        return problems.computeIfAbsent(need, Children.this::look);
    }

    private Optional<String> look(Need need) {
        try {
            return need == Need.SKEW ? ChildControl.skewProblem(storages) : ChildControl.problem(storages);
        } catch (IllegalStateException | UncheckedIOException | CairnException | Child.Died broken) {
            String said = String.valueOf(broken.getMessage());
            return Optional.of(said.startsWith("[META-") ? said : "[META-05] with a child process: " + broken);
        }
    }

    @Override
    public void close() {
        started.forEach(Child::close);
    }
}
