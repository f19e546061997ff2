// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * A walk over JSON text, strict as RFC 8259 is. Ours and not a library's: a run that is resumed reads as many objects as it
 * has steps, each of some hundred bytes, and setting a parser up for each costs more than reading it.
 */
final class JsonText {
    private final byte[] json;
    private int at;

    JsonText(byte[] json) {
        this.json = json;
    }

    /** The text is not JSON; without a word of it. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int at;

        private Malformed(int at) {
            super("malformed", null, false, false);
            this.at = at;
        }

        int at() {
            return at;
        }
    }

    private Malformed malformed() {
        return new Malformed(at);
    }

    /** The index of the next byte: where a value begins, if it is one's turn. */
    int at() {
        return at;
    }

    /** Whether nothing follows but space. */
    boolean isAtEnd() {
        skipSpace();
        return at == json.length;
    }

    private void skipSpace() {
        while (at < json.length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
    }

    /** Goes to what comes next and looks at it. */
    char next() {
        skipSpace();
        return peek();
    }

    /** A byte of more than seven bits, and the end, is no character of JSON's own. */
    private char peek() {
        if (at >= json.length || json[at] < 0) {
            throw malformed();
        }
        return (char) json[at];
    }

    /** Takes what must come next. */
    void take(char expected) {
        if (!takes(expected)) {
            throw malformed();
        }
    }

    /** Takes what may come next. */
    boolean takes(char expected) {
        boolean there = next() == expected;
        at += there ? 1 : 0;
        return there;
    }

    /** Whether another element follows, or the end, which is taken. */
    boolean goesOn(char end) {
        if (takes(',')) {
            return true;
        }
        take(end);
        return false;
    }

    /** A member's name; its value comes next. */
    String name() {
        next();
        String name = string();
        take(':');
        next();
        return name;
    }

    /** The text that begins here. */
    String string() {
        int begin = at + 1;
        boolean plain = skipString();
        int end = at - 1;
        if (plain) {
            return new String(json, begin, end - begin, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(end - begin);
        int from = begin;
        for (int i = begin; i < end; i++) {
            if (json[i] == '\\') {
                text.append(new String(json, from, i - from, StandardCharsets.UTF_8));
                i++;
                text.append(json[i] == 'u' ? (char) hex(i + 1) : escaped(json[i]));
                i += json[i] == 'u' ? 4 : 0;
                from = i + 1;
            }
        }
        return text.append(new String(json, from, end - from, StandardCharsets.UTF_8))
                .toString();
    }

    private static char escaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) letter;
        };
    }

    private int hex(int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < json.length ? Character.digit(json[i], 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Goes behind a text; answers whether it is ASCII without an escape. */
    private boolean skipString() {
        if (peek() != '"') {
            throw malformed();
        }
        at++;
        boolean plain = true;
        while (at < json.length && json[at] != '"') {
            byte c = json[at];
            if (c >= ' ' && c != '\\') {
                at++;
            } else {
                plain = false;
                skipUnplain(c);
            }
        }
        if (at >= json.length) {
            throw malformed();
        }
        at++;
        return plain;
    }

    private void skipUnplain(byte c) {
        if (c >= 0 && c < ' ') {
            throw malformed();
        }
        at++;
        if (c == '\\') {
            char letter = peek();
            if ("\"\\/bfnrtu".indexOf(letter) < 0) {
                throw malformed();
            }
            at++;
            if (letter == 'u') {
                hex(at);
                at += 4;
            }
            return;
        }
        int more = (c & 0xE0) == 0xC0 ? 1 : (c & 0xF0) == 0xE0 ? 2 : (c & 0xF8) == 0xF0 ? 3 : -1;
        for (int i = 0; i < Math.abs(more); i++) {
            if (more < 0 || at >= json.length || (json[at] & 0xC0) != 0x80) {
                throw malformed();
            }
            at++;
        }
    }

    /** The number that begins here, if it is whole. */
    long wholeNumber() {
        int begin = at;
        boolean whole = skipNumber();
        if (!whole) {
            throw new IllegalArgumentException("expected a whole number");
        }
        // Throws what is an IllegalArgumentException where it does not fit.
        return Long.parseLong(new String(json, begin, at - begin, StandardCharsets.ISO_8859_1));
    }

    private boolean skipNumber() {
        at += peek() == '-' ? 1 : 0;
        if (peek() == '0') {
            at++;
        } else {
            skipDigits();
        }
        boolean whole = true;
        if (at < json.length && json[at] == '.') {
            whole = false;
            at++;
            skipDigits();
        }
        if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
            whole = false;
            at++;
            at += peek() == '+' || peek() == '-' ? 1 : 0;
            skipDigits();
        }
        return whole;
    }

    private void skipDigits() {
        int begin = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        if (at == begin) {
            throw malformed();
        }
    }

    /** Goes behind the value that comes next. Without recursion: it may be nested as deep as the codec allows. */
    void skip() {
        char first = next();
        if (first == '{' || first == '[') {
            skipNested();
        } else {
            skipScalar(first);
        }
    }

    private void skipNested() {
        BitSet objects = new BitSet();
        int depth = 0;
        do {
            char first = next();
            if (first == '{' || first == '[') {
                at++;
                depth++;
                objects.set(depth, first == '{');
                if (next() != (first == '{' ? '}' : ']')) {
                    skipName(first == '{');
                    continue;
                }
                at++;
                depth--;
            } else {
                skipScalar(first);
            }
            depth = skipEnds(objects, depth);
        } while (depth > 0);
    }

    /** Behind a value: takes what ends, up to the next value. */
    private int skipEnds(BitSet objects, int depth) {
        int left = depth;
        while (left > 0) {
            boolean object = objects.get(left);
            if (goesOn(object ? '}' : ']')) {
                skipName(object);
                return left;
            }
            left--;
        }
        return left;
    }

    private void skipName(boolean object) {
        if (object) {
            next();
            skipString();
            take(':');
        }
    }

    private void skipScalar(char first) {
        switch (first) {
            case '"' -> skipString();
            case 't' -> skipWord("true");
            case 'f' -> skipWord("false");
            case 'n' -> skipWord("null");
            default -> skipNumber();
        }
    }

    private void skipWord(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw malformed();
            }
            at++;
        }
    }
}
