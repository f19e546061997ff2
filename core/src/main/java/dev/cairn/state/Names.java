// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The limits of everything that has a name: checked before anything is written, never cut or changed (contract KEY-04). */
public final class Names {
    /** The longest run id, step key, workflow name, signal name and signal id, in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = 255;
    /** The most labels of a run. */
    public static final int MAX_LABELS = 16;
    /** The longest name of a label, in UTF-8 bytes. */
    public static final int MAX_LABEL_NAME_BYTES = 64;
    /** The longest value of a label, in UTF-8 bytes. */
    public static final int MAX_LABEL_VALUE_BYTES = 255;
    /** The longest progress text, in UTF-8 bytes. */
    public static final int MAX_PROGRESS_BYTES = 1024;
    /** The longest reason of a blocked run, in UTF-8 bytes. */
    public static final int MAX_REASON_BYTES = 8192;

    /** The order of names: by their UTF-8 bytes. {@link String#compareTo} orders by UTF-16, wrong for what lies beyond it. */
    public static final Comparator<String> BY_UTF_8 = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private Names() {}

    /**
     * Checks a name of at most 255 UTF-8 bytes.
     *
     * @param what what it names, for the message
     * @return the name, unchanged
     * @throws IllegalArgumentException naming the value and the limit
     */
    public static String check(String what, String name) {
        return check(what, name, MAX_NAME_BYTES);
    }

    /**
     * Checks a name of at most so many UTF-8 bytes: not blank, not of control characters only, no U+0000, no lone surrogate.
     *
     * @return the name, unchanged
     * @throws IllegalArgumentException naming the value and the limit
     */
    @SuppressWarnings("ConstantConditions") // callers outside null-checked code may still pass null (KEY-05)
    public static String check(String what, String name, int maxBytes) {
        if (name == null) {
            throw new IllegalArgumentException(what + " is null; give it 1 to " + maxBytes + " UTF-8 bytes of text");
        }
        if (!hasVisible(name)) {
            throw new IllegalArgumentException(what + " \"" + shown(name) + "\" has no visible character; give it 1 to "
                    + maxBytes + " UTF-8 bytes of text");
        }
        return checkText(what, name, maxBytes);
    }

    private static boolean hasVisible(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!Character.isWhitespace(name.charAt(i)) && !Character.isISOControl(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Checks a text that may be empty: no U+0000, no lone surrogate, at most so many UTF-8 bytes.
     *
     * @return the text, unchanged
     * @throws IllegalArgumentException naming the value and the limit
     */
    @SuppressWarnings("ConstantConditions") // as above
    public static String checkText(String what, String text, int maxBytes) {
        if (text == null) {
            throw new IllegalArgumentException(what + " is null; give it at most " + maxBytes + " UTF-8 bytes of text");
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                throw new IllegalArgumentException(
                        what + " \"" + shown(text) + "\" has " + (c == 0 ? "U+0000" : "a lone surrogate") + " at index "
                                + i + ", which no store keeps; remove it");
            }
            bytes += pair ? 4 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            i += pair ? 1 : 0;
        }
        if (bytes > maxBytes) {
            throw new IllegalArgumentException(what + " \"" + shown(text) + "\" has " + bytes
                    + " UTF-8 bytes, the limit is " + maxBytes + "; use a shorter one, such as a hash of it");
        }
        return text;
    }

    private static String shown(String name) {
        String cut = name.length() <= 80 ? name : name.substring(0, 80) + "…";
        StringBuilder out = new StringBuilder();
        cut.chars().forEach(c -> {
            if (Character.isISOControl(c) || Character.isSurrogate((char) c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
