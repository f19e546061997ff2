// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.state.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts that are the same characters in JSON: ASCII without quotes, backslashes and control characters, as ids and receipts
 * are. To set a generator or a parser of a library up for one of them costs many times what this does; every other text is
 * the library's.
 */
public final class PlainText {
    private PlainText() {}

    /** The JSON of a text; null if it is not a plain one. */
    public static @Nullable Bytes json(String text) {
        int length = text.length();
        byte[] json = new byte[length + 2];
        json[0] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (!isPlain(c)) {
                return null;
            }
            json[i + 1] = (byte) c;
        }
        json[length + 1] = '"';
        return Bytes.adopt(json);
    }

    /** The text of which this is the JSON; null if it is not that of a plain one. */
    public static @Nullable String text(Bytes json) {
        byte[] bytes = json.toArray();
        int last = bytes.length - 1;
        if (last < 1 || bytes[0] != '"' || bytes[last] != '"') {
            return null;
        }
        for (int i = 1; i < last; i++) {
            if (!isPlain(bytes[i])) {
                return null;
            }
        }
        return new String(bytes, 1, last - 1, StandardCharsets.ISO_8859_1);
    }

    /** Bytes of other characters are below zero. */
    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
