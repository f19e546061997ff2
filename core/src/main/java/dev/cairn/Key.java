// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.UUID;

/** Makes the keys of steps that occur more than once, as in loops. */
public final class Key {
    /** The most parts of a key. */
    public static final int MAX_PARTS = 16;

    private static final Set<Class<?>> STABLE = Set.of(
            String.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            java.math.BigInteger.class,
            Boolean.class,
            UUID.class,
            LocalDate.class,
            LocalDateTime.class,
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class);

    private Key() {}

    /**
     * Makes a key of a name and parts: deterministic text, escaped so that {@code ("a", "b:c")} and {@code ("a:b", "c")}
     * differ.
     *
     * @param parts 1 to 16 texts, whole numbers, booleans, UUIDs, dates or instants
     * @throws IllegalArgumentException if a part is something else, or the key is longer than 255 UTF-8 bytes
     */
    @SuppressWarnings("ConstantConditions") // callers outside null-checked code may pass null
    public static String key(String name, Object... parts) {
        BadStepArgument.check("step name", name);
        if (parts == null || parts.length < 1 || parts.length > MAX_PARTS) {
            throw new BadStepArgument("a key has 1 to " + MAX_PARTS + " parts besides its name \"" + name
                    + "\", here are " + (parts == null ? 0 : parts.length));
        }
        StringBuilder key = new StringBuilder(escaped(name));
        for (Object part : parts) {
            key.append(':').append(escaped(text(name, part)));
        }
        return BadStepArgument.check("step key", key.toString());
    }

    @SuppressWarnings("ConstantConditions") // a part may be null in spite of its type
    private static String text(String name, Object part) {
        if (part == null) {
            throw new BadStepArgument("a part of the key \"" + name + "\" is null; pass its id");
        }
        if (!STABLE.contains(part.getClass())) {
            throw new BadStepArgument(
                    "a part of the key \"" + name + "\" is a " + part.getClass().getName()
                            + ", whose text may change; pass its id (a text, whole number, boolean, UUID, date or instant)");
        }
        return part.toString();
    }

    private static String escaped(String text) {
        return text.indexOf(':') < 0 && text.indexOf('\\') < 0
                ? text
                : text.replace("\\", "\\\\").replace(":", "\\:");
    }
}
