// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A wrong wall clock for one process, without any right on its host: all classes but the JDK's are loaded by
 * {@link Loader}, which lets them call the methods below instead of those of the JDK that read the clock. Elapsed time
 * stays right. Not reached: {@code new Date()}, the rarer ways in which {@code java.time} and {@code Calendar} are asked for
 * now, and what the JDK itself reads.
 */
final class Skew {
    /** The system property that says by how much: a {@link Duration}. */
    static final String BY = "cairn.tck.skew";

    private static final Duration WRONG = Duration.parse(System.getProperty(BY, "PT0S"));

    private Skew() {}

    private static Clock clock(ZoneId zone) {
        return Clock.offset(Clock.system(zone), WRONG);
    }

    /**
     * Whose methods are called instead: those of the first, of the same name and descriptor, by those of the second. A
     * class for each, since two methods of one class may not differ by what they return alone.
     */
    static final List<List<Class<?>>> INSTEAD = List.of(
            List.of(System.class, OfSystem.class),
            List.of(Instant.class, OfInstant.class),
            List.of(InstantSource.class, OfInstantSource.class),
            List.of(Clock.class, OfClock.class),
            List.of(LocalDate.class, OfLocalDate.class),
            List.of(LocalTime.class, OfLocalTime.class),
            List.of(LocalDateTime.class, OfLocalDateTime.class),
            List.of(OffsetDateTime.class, OfOffsetDateTime.class),
            List.of(ZonedDateTime.class, OfZonedDateTime.class),
            List.of(Calendar.class, OfCalendar.class));

    /** For {@link System}. */
    public static final class OfSystem {
        private OfSystem() {}

        public static long currentTimeMillis() {
            return System.currentTimeMillis() + WRONG.toMillis();
        }
    }

    /** For {@link Instant}. */
    public static final class OfInstant {
        private OfInstant() {}

        public static Instant now() {
            return Instant.now().plus(WRONG);
        }
    }

    /** For {@link InstantSource}. */
    public static final class OfInstantSource {
        private OfInstantSource() {}

        public static InstantSource system() {
            return OfClock.systemUTC();
        }
    }

    /** For {@link Clock}. */
    public static final class OfClock {
        private OfClock() {}

        public static Clock systemUTC() {
            return Clock.offset(Clock.systemUTC(), WRONG);
        }

        public static Clock systemDefaultZone() {
            return clock(ZoneId.systemDefault());
        }

        public static Clock system(ZoneId zone) {
            return clock(zone);
        }

        public static Clock tickMillis(ZoneId zone) {
            return Clock.tick(clock(zone), Duration.ofMillis(1));
        }

        public static Clock tickSeconds(ZoneId zone) {
            return Clock.tick(clock(zone), Duration.ofSeconds(1));
        }
    }

    /** For {@link LocalDate}. */
    public static final class OfLocalDate {
        private OfLocalDate() {}

        public static LocalDate now() {
            return LocalDate.now(clock(ZoneId.systemDefault()));
        }

        public static LocalDate now(ZoneId zone) {
            return LocalDate.now(clock(zone));
        }
    }

    /** For {@link LocalTime}. */
    public static final class OfLocalTime {
        private OfLocalTime() {}

        public static LocalTime now() {
            return LocalTime.now(clock(ZoneId.systemDefault()));
        }

        public static LocalTime now(ZoneId zone) {
            return LocalTime.now(clock(zone));
        }
    }

    /** For {@link LocalDateTime}. */
    public static final class OfLocalDateTime {
        private OfLocalDateTime() {}

        public static LocalDateTime now() {
            return LocalDateTime.now(clock(ZoneId.systemDefault()));
        }

        public static LocalDateTime now(ZoneId zone) {
            return LocalDateTime.now(clock(zone));
        }
    }

    /** For {@link OffsetDateTime}. */
    public static final class OfOffsetDateTime {
        private OfOffsetDateTime() {}

        public static OffsetDateTime now() {
            return OffsetDateTime.now(clock(ZoneId.systemDefault()));
        }

        public static OffsetDateTime now(ZoneId zone) {
            return OffsetDateTime.now(clock(zone));
        }
    }

    /** For {@link ZonedDateTime}. */
    public static final class OfZonedDateTime {
        private OfZonedDateTime() {}

        public static ZonedDateTime now() {
            return ZonedDateTime.now(clock(ZoneId.systemDefault()));
        }

        public static ZonedDateTime now(ZoneId zone) {
            return ZonedDateTime.now(clock(zone));
        }
    }

    /** For {@link Calendar}. */
    public static final class OfCalendar {
        private OfCalendar() {}

        public static Calendar getInstance() {
            Calendar calendar = Calendar.getInstance();
            calendar.setTimeInMillis(OfSystem.currentTimeMillis());
            return calendar;
        }
    }

    /** The system class loader of such a process ({@code -Djava.system.class.loader}): the JVM makes it. */
    public static final class Loader extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        /** Over the loader of the class path, which finds the bytes. */
        public Loader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : load(name);
            }
        }

        private Class<?> load(String name) throws ClassNotFoundException {
            // What reads the right clock must not be led to itself.
            Optional<URL> found = name.startsWith(Skew.class.getName()) ? Optional.empty() : ofClassPath(name);
            if (found.isEmpty()) {
                return getParent().loadClass(name);
            }
            try (InputStream in = found.get().openStream()) {
                byte[] bytes = ClassFile.redirected(in.readAllBytes());
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private Optional<URL> ofClassPath(String name) {
            @Nullable URL found = getParent().getResource(name.replace('.', '/') + ".class");
            return Optional.ofNullable(found).filter(url -> !url.getProtocol().equals("jrt"));
        }
    }
}
