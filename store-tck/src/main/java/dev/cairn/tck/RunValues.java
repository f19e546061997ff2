// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Values that steps return, and inputs. */
final class RunValues {
    private RunValues() {}

    /** A value as workflows have them. */
    record Item(
            String name,
            BigDecimal price,
            Optional<String> note,
            @Nullable Instant at,
            TimeUnit unit) {}

    /** Is read back as another one than was written. */
    static final class Creeping {
        private int count;

        /** As it is written. */
        public int getCount() {
            return count;
        }

        /** Adds one. */
        public void setCount(int value) {
            count = value + 1;
        }
    }

    /** Can be written, and not read. */
    static final class Unreadable {
        private final int size;

        private Unreadable(int size, int other) {
            this.size = size + other;
        }

        /** As it is written. */
        public int getSize() {
            return size;
        }
    }

    /** One that cannot be read back. */
    static Unreadable unreadable() {
        return new Unreadable(1, 2);
    }

    /** An input. */
    record Order(String customer, int amount) {}

    /** The same input a year later. */
    record OrderToday(
            int amount,
            Optional<String> gift,
            String customer,
            @Nullable String note) {}
}
