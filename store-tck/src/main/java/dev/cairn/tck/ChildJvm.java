// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;

/** The settings of a child's JVM, beside those that each child has. */
record ChildJvm(List<String> options, Map<String, String> environment) {
    /** By how much a clock is wrong. */
    static final Duration WRONG = Duration.ofHours(1);

    /** As this one. */
    static final ChildJvm PLAIN = new ChildJvm(List.of(), Map.of());

    /** Small letters without dots, and a day that begins 14 hours before that of UTC. */
    static final ChildJvm TURKISH = new ChildJvm(
            List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Kiritimati"), Map.of());

    /** Other digits, and no letters but those of English. */
    static final ChildJvm EGYPTIAN = new ChildJvm(
            List.of("-Duser.language=ar", "-Duser.country=EG", "-Dfile.encoding=US-ASCII"), Map.of("LC_ALL", "C"));

    /** Copies the settings. */
    ChildJvm {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** One whose clock is wrong by so much. */
    static ChildJvm skewed(Duration by) {
        return new ChildJvm(
                List.of("-Djava.system.class.loader=" + Skew.Loader.class.getName(), "-D" + Skew.BY + "=" + by),
                Map.of());
    }

    /** What is not as this process was started, if anything is. */
    Optional<String> notAsTold(View view) {
        List<String> told = options.stream()
                .filter(option -> option.matches("-D(user\\.(language|timezone)|file\\.encoding)=.*"))
                .map(option -> option.substring(option.indexOf('=') + 1))
                .filter(value -> !view.toString().contains(value))
                .toList();
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of("[META-05] a child process was started with " + told + " and says " + view);
    }

    /**
     * What a process says of itself.
     *
     * @param loader the class of the loader of the adopter's side
     */
    record View(String locale, String zone, String charset, long millis, Instant now, String loader) {
        static View of(Object adopters) {
            return new View(
                    Locale.getDefault().toLanguageTag(),
                    TimeZone.getDefault().getID(),
                    Charset.defaultCharset().name(),
                    System.currentTimeMillis(),
                    Instant.now(),
                    String.valueOf(adopters.getClass().getClassLoader()));
        }
    }
}
