// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The URL of a store: {@code scheme:rest?option=value&…}. Options are taken out one by one; what is left over is unknown and
 * refused. It never shows what may hold a password. Not thread-safe.
 */
public final class StoreUrl {
    private final String scheme;
    private final String rest;
    private final Map<String, String> options = new LinkedHashMap<>();

    private StoreUrl(String scheme, String rest) {
        this.scheme = scheme;
        this.rest = rest;
    }

    /**
     * Reads a URL. {@code jdbc:} in front is accepted.
     *
     * @throws IllegalArgumentException if it has no scheme, or an option twice
     */
    @SuppressWarnings("ConstantConditions") // callers outside null-checked code may pass null
    public static StoreUrl parse(String url) {
        if (url == null) {
            throw new IllegalArgumentException("the store's URL is null; give one such as sqlite:orders.db");
        }
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        int colon = plain.indexOf(':');
        if (colon < 1 || !plain.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            throw new IllegalArgumentException(
                    "a store's URL begins with a scheme, such as sqlite:orders.db; this one does not");
        }
        int question = plain.indexOf('?', colon);
        String rest = plain.substring(colon + 1, question < 0 ? plain.length() : question);
        StoreUrl parsed = new StoreUrl(plain.substring(0, colon).toLowerCase(Locale.ROOT), rest);
        if (question >= 0) {
            parsed.readOptions(plain.substring(question + 1));
        }
        return parsed;
    }

    private void readOptions(String query) {
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (options.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8)) != null) {
                throw new IllegalArgumentException(
                        "option " + name + " is given twice in the store's URL; give it once");
            }
        }
    }

    /** The scheme, in lower case. */
    public String scheme() {
        return scheme;
    }

    /** What stands between the scheme and the options. */
    public String rest() {
        return rest;
    }

    /** Takes an option out. */
    public Optional<String> take(String name) {
        return Optional.ofNullable(options.remove(name));
    }

    /** Takes a whole number out. */
    public Optional<Integer> takeInt(String name) {
        return take(name).map(value -> {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("option " + name + " is a whole number, was \"" + value + "\"", e);
            }
        });
    }

    /** Takes a duration out: {@code 200ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d} or ISO 8601. */
    public Optional<Duration> takeDuration(String name) {
        return take(name).map(value -> {
            try {
                if (value.endsWith("ms")) {
                    return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)));
                }
                String iso = value.startsWith("P") ? value : value.endsWith("d") ? "P" + value : "PT" + value;
                return Duration.parse(iso);
            } catch (NumberFormatException | DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "option " + name + " is a duration such as 200ms, 10s, 5m, 1h or 7d, was \"" + value + "\"", e);
            }
        });
    }

    /** Takes a choice out; case does not matter. */
    public <E extends Enum<E>> Optional<E> takeEnum(String name, Class<E> type) {
        return take(name)
                .map(value -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> constant.name().equalsIgnoreCase(value.replace('-', '_')))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("option " + name + " is one of "
                                + Arrays.toString(type.getEnumConstants())
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-')
                                + ", was \"" + value
                                + "\"")));
    }

    /**
     * Ends reading.
     *
     * @param known the options that the store has, for the message
     * @throws IllegalArgumentException naming an option that was not taken
     */
    public void requireNoMore(String known) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown option "
                    + options.keySet().iterator().next() + " in the URL of a " + scheme + " store; known are " + known);
        }
    }

    /** The scheme alone: the rest may hold a password. */
    @Override
    public String toString() {
        return scheme + ":…";
    }
}
