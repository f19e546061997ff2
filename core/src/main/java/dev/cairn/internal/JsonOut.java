// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.state.Bytes;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes one JSON object, members in the order they are given: the canonical form of what is stored. */
public final class JsonOut {
    /** A letter where JSON has a short escape for a control character, else 0. */
    private static final byte[] SHORT = new byte[' '];

    static {
        SHORT['\b'] = 'b';
        SHORT['\t'] = 't';
        SHORT['\n'] = 'n';
        SHORT['\f'] = 'f';
        SHORT['\r'] = 'r';
    }

    // Plain bytes and no generator of a library: an entry is written per step, and setting one up costs more than this
    // does.
    private byte[] buffer = new byte[384];
    private int size;

    private JsonOut() {}

    /** Writes an object. */
    public static Bytes object(Consumer<JsonOut> members) {
        JsonOut out = new JsonOut();
        out.put('{');
        members.accept(out);
        out.put('}');
        return Bytes.adopt(Arrays.copyOf(out.buffer, out.size));
    }

    /** A text. */
    public JsonOut text(String name, String value) {
        return name(name).text(value);
    }

    /** A whole number. */
    public JsonOut number(String name, long value) {
        return name(name).ascii(Long.toString(value));
    }

    /** A mark that is left out where it does not hold. */
    public JsonOut mark(String name, boolean holds) {
        return holds ? name(name).ascii("true") : this;
    }

    /** JSON that is already written. */
    public JsonOut raw(String name, Bytes json) {
        name(name);
        room(json.size());
        json.copyTo(buffer, size);
        size += json.size();
        return this;
    }

    /** An object. */
    public JsonOut object(String name, Consumer<JsonOut> members) {
        name(name).put('{');
        members.accept(this);
        return put('}');
    }

    /** An array of objects. */
    public <T> JsonOut objects(String name, Iterable<T> items, BiConsumer<JsonOut, T> members) {
        name(name).put('[');
        for (T item : items) {
            next().put('{');
            members.accept(this, item);
            put('}');
        }
        return put(']');
    }

    /** An array of texts. */
    public JsonOut texts(String name, Iterable<String> items) {
        name(name).put('[');
        for (String item : items) {
            next().text(item);
        }
        return put(']');
    }

    private JsonOut name(String name) {
        return next().text(name).put(':');
    }

    /** No value ends with what begins an object or an array. */
    private JsonOut next() {
        return buffer[size - 1] == '{' || buffer[size - 1] == '[' ? this : put(',');
    }

    private JsonOut put(char ascii) {
        room(1);
        buffer[size++] = (byte) ascii;
        return this;
    }

    private JsonOut ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    private JsonOut text(String value) {
        put('"');
        for (int i = 0; i < value.length(); i++) {
            room(6);
            char c = value.charAt(i);
            if (c < 0x80) {
                character(c);
            } else if (c < 0x800) {
                buffer[size++] = (byte) (0xC0 | (c >> 6));
                continued(c);
            } else if (!Character.isSurrogate(c)) {
                buffer[size++] = (byte) (0xE0 | (c >> 12));
                continued(c >> 6);
                continued(c);
            } else if (value.codePointAt(i) == c) {
                // A lone surrogate: it has no UTF-8 form, but JSON can escape it, and a failure's message must not be
                // lost for it.
                ascii(String.format("\\u%04x", (int) c));
            } else {
                int codePoint = value.codePointAt(i++);
                buffer[size++] = (byte) (0xF0 | (codePoint >> 18));
                continued(codePoint >> 12);
                continued(codePoint >> 6);
                continued(codePoint);
            }
        }
        return put('"');
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            buffer[size++] = '\\';
            buffer[size++] = (byte) c;
        } else if (c >= ' ') {
            buffer[size++] = (byte) c;
        } else if (SHORT[c] != 0) {
            buffer[size++] = '\\';
            buffer[size++] = SHORT[c];
        } else {
            ascii(String.format("\\u%04X", (int) c));
        }
    }

    private void continued(int bits) {
        buffer[size++] = (byte) (0x80 | (bits & 0x3F));
    }

    private void room(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.addExact(size, Math.max(size, more)));
        }
    }
}
