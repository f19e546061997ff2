// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Starts programs in a JVM of their own. */
final class ChildJvm {
    /** One class of each archive that the job runs on: inside Maven, the JVM's own class path is only Maven's launcher. */
    private static final List<String> NEEDED = List.of(
            "dev.cairn.examples.Main",
            "dev.cairn.Cairn",
            "dev.cairn.store.sqlite.SqliteStateStore",
            "dev.cairn.store.postgres.PostgresStateStore",
            "org.postgresql.Driver",
            "com.zaxxer.hikari.HikariDataSource",
            "org.jdbi.v3.core.Jdbi",
            "io.leangen.geantyref.GenericTypeReflector",
            "org.sqlite.JDBC",
            "tools.jackson.databind.ObjectMapper",
            "tools.jackson.core.JsonParser",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "org.jspecify.annotations.Nullable",
            "org.slf4j.Logger",
            "org.slf4j.simple.SimpleLogger");

    private ChildJvm() {}

    /** A process of the same Java that runs a program; its error output is joined to its output. */
    static ProcessBuilder of(Class<?> program, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(classPath(program));
        command.add(program.getName());
        command.addAll(args);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static String classPath(Class<?> program) {
        Set<String> locations = new LinkedHashSet<>();
        locations.add(location(program));
        for (String name : NEEDED) {
            try {
                locations.add(location(Class.forName(name, false, ChildJvm.class.getClassLoader())));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("class " + name + " is not on the class path", e);
            }
        }
        return String.join(System.getProperty("path.separator"), locations);
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException(type + " comes from the Java runtime, not from the class path");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " comes from " + source.getLocation() + ", which is no path", e);
        }
    }
}
