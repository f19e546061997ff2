// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A class whose constants were led to another clock. */
class SkewTest {
    /** Reads the clock in every way that is led elsewhere; its long and its double take two constants each. */
    public static final class Reader implements Supplier<List<Object>> {
        @Override
        public List<Object> get() {
            LongSupplier millis = System::currentTimeMillis;
            Supplier<Instant> now = Instant::now;
            return List.of(
                    0x123456789aL,
                    1.5e300,
                    millis.getAsLong() > System.nanoTime() - Long.MAX_VALUE,
                    now.get(),
                    InstantSource.system().instant(),
                    Clock.systemUTC().instant(),
                    ZonedDateTime.now(ZoneOffset.UTC).toInstant(),
                    LocalDate.now(ZoneOffset.UTC));
        }
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static final class Defining extends ClassLoader {
        Defining() {
            super(SkewTest.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(Reader.class.getName(), bytes, 0, bytes.length);
        }
    }

    @Test
    @DisplayName(
            "META-06 a class that reads the clock is led to the other one, method references and interfaces included")
    @SuppressWarnings("unchecked")
    void readsTheOtherClock() throws Exception {
        byte[] changed = ClassFile.redirected(bytes(Reader.class));
        String pool = new String(changed, java.nio.charset.StandardCharsets.ISO_8859_1);

        List<Object> read = ((Supplier<List<Object>>)
                        new Defining().define(changed).getConstructor().newInstance())
                .get();

        assertThat(pool).contains("Skew$OfSystem", "Skew$OfInstant", "Skew$OfInstantSource", "Skew$OfClock");
        assertThat(pool).contains("Skew$OfZonedDateTime", "Skew$OfLocalDate");
        assertThat(read).startsWith(0x123456789aL, 1.5e300);
        assertThat((Instant) read.get(3)).isAfter(Instant.EPOCH);
    }

    @Test
    @DisplayName("META-06 a class that does not read the clock is left as it is")
    void leavesOthersAlone() throws Exception {
        byte[] bytes = bytes(Mutant.class);

        assertThat(ClassFile.redirected(bytes)).isSameAs(bytes);
    }

    @Test
    @DisplayName("META-06 a child's clock is wrong by as much as it was told")
    void childIsWrong() {
        StoreHarness harness = ChildHarness.create(ChildWrong.NOTHING);
        try (Storages storages = new Storages(harness)) {
            assertThat(storages.children().problem(Need.SKEW)).isEmpty();
        }
    }

    @Test
    @DisplayName("META-06 a clock that is right where it should be wrong is found")
    void rightClockIsFound() {
        StoreHarness harness = ChildHarness.create(ChildWrong.NOTHING);
        try (Storages storages = new Storages(harness);
                Child child = storages.children().start("t1", dev.cairn.spi.StoreOptions.defaults(), ChildJvm.PLAIN)) {
            assertThat(ChildControl.notWrong(child, ChildJvm.WRONG))
                    .hasValueSatisfying(problem -> assertThat(problem).contains("[META-06]"));
        }
    }
}
