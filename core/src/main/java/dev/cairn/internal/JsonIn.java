// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.error.CorruptException;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Reads one JSON object, member by member; values that are nobody's business here come out as the bytes they are. */
public final class JsonIn {
    private final Bytes source;
    private final JsonText text;

    private JsonIn(Bytes source, JsonText text) {
        this.source = source;
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @param what it is, for the message
     * @param member takes each member's value, or leaves it; it is then skipped
     * @throws CorruptException if it is not JSON, or not as it was written
     */
    public static void object(String what, Bytes json, BiConsumer<JsonIn, String> member) {
        JsonText text = new JsonText(json.toArray());
        try {
            new JsonIn(json, text).members(member);
            if (!text.isAtEnd()) {
                throw new CorruptException(what + " goes on behind its end");
            }
        } catch (JsonText.Malformed e) {
            // Nothing of the text around the fault: it may hold a payload.
            throw new CorruptException(what + " is not JSON as it was written, at byte " + e.at());
        } catch (IllegalArgumentException e) {
            throw new CorruptException(what + " holds a value that was never written", e);
        }
    }

    /** The members of the object that begins here. */
    public void members(BiConsumer<JsonIn, String> member) {
        expect('{');
        text.take('{');
        boolean more = !text.takes('}');
        while (more) {
            String name = text.name();
            int value = text.at();
            member.accept(this, name);
            if (text.at() == value) {
                text.skip();
            }
            more = text.goesOn('}');
        }
    }

    /** A text. */
    public String text() {
        expect('"');
        return text.string();
    }

    /** A whole number. */
    public long number() {
        char first = text.next();
        if (first != '-' && (first < '0' || first > '9')) {
            throw new IllegalArgumentException("expected a number");
        }
        return text.wholeNumber();
    }

    /** A whole number that fits an int. */
    public int smallNumber() {
        long number = number();
        if (number != (int) number) {
            throw new IllegalArgumentException("expected a number that fits an int");
        }
        return (int) number;
    }

    /** A mark. */
    public boolean mark() {
        char first = text.next();
        if (first != 't') {
            expect('f');
        }
        text.skip();
        return first == 't';
    }

    /** The value as the bytes it is. */
    public Bytes raw() {
        int begin = text.at();
        text.skip();
        return source.slice(begin, text.at());
    }

    /** An array, each element read where it begins. */
    public <T> List<T> array(Function<JsonIn, T> element) {
        expect('[');
        text.take('[');
        List<T> all = new ArrayList<>();
        boolean more = !text.takes(']');
        while (more) {
            text.next();
            all.add(element.apply(this));
            more = text.goesOn(']');
        }
        return all;
    }

    private void expect(char begin) {
        if (text.next() != begin) {
            throw new IllegalArgumentException("expected a value that begins with " + begin);
        }
    }
}
