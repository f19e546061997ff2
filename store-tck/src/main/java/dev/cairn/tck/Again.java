// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How to run one clause again, by a command that works when it is pasted. */
final class Again {
    private final String testClass;
    private final Optional<Path> module;

    private Again(String testClass, Optional<Path> module) {
        this.testClass = testClass;
        this.module = module;
    }

    /** The module is where Maven runs the tests: its base folder, and not the folder that somebody started Maven in. */
    static Again of(Class<?> testClass) {
        return in(testClass, Path.of(System.getProperty("basedir", "")).toAbsolutePath());
    }

    static Again in(Class<?> testClass, Path folder) {
        Optional<Path> module = Optional.of(folder).filter(Again::hasPom);
        return new Again(testClass.getSimpleName(), module);
    }

    private static boolean hasPom(Path folder) {
        return Files.isRegularFile(folder.resolve("pom.xml"));
    }

    String line(Listed clause, Seed seed) {
        return Report.line("again", command(clause.methodPrefix() + "*", seed));
    }

    /** The command that runs every clause again. */
    String all(Seed seed) {
        return command("", seed);
    }

    private String command(String methods, Seed seed) {
        String test = methods.isEmpty() ? testClass : testClass + "#" + methods;
        if (module.isEmpty()) {
            return "run " + test + " with the system property tck.seed=" + seed;
        }
        return "mvn test" + project(module.get()) + " '-Dtest=" + test + "' -Dtck.seed=" + seed;
    }

    /** Where it is a module of a larger build, Maven is called in the root of that, and told so. */
    private static String project(Path module) {
        Path root = module;
        while (root.getParent() != null && hasPom(root.getParent())) {
            root = root.getParent();
        }
        if (root.equals(module)) {
            return "";
        }
        String path = root.relativize(module).toString().replace('\\', '/');
        return " -pl " + path + " -am -Dsurefire.failIfNoSpecifiedTests=false";
    }
}
