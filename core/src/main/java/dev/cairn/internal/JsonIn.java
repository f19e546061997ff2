// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.error.CorruptException;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads one JSON object, member by member; values that are nobody's business here come out as the bytes they are. */
public final class JsonIn {
    // What was written must be readable again: the codec has its own limits, and these may not be narrower.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Bytes source;
    private final JsonParser parser;

    private JsonIn(Bytes source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /**
     * Reads an object.
     *
     * @param what it is, for the message
     * @param member takes each member's value, or leaves it; it is then skipped
     * @throws CorruptException if it is not JSON, or not as it was written
     */
    public static void object(String what, Bytes json, BiConsumer<JsonIn, String> member) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json.toArray())) {
            parser.nextToken();
            JsonIn in = new JsonIn(json, parser);
            in.members(member);
            if (parser.nextToken() != null) {
                throw new CorruptException(what + " goes on behind its end");
            }
        } catch (JacksonException e) {
            // The parser's own message quotes the text around the fault: it may hold a payload.
            throw new CorruptException(what + " is not JSON as it was written, at byte "
                    + (e.getLocation() == null ? "?" : e.getLocation().getByteOffset()));
        } catch (IllegalArgumentException e) {
            throw new CorruptException(what + " holds a value that was never written", e);
        }
    }

    /** The members of the object that begins here. */
    public void members(BiConsumer<JsonIn, String> member) {
        expect(JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            long before = parser.currentTokenCount();
            member.accept(this, name);
            if (parser.currentTokenCount() == before) {
                parser.skipChildren();
            }
        }
        expect(JsonToken.END_OBJECT);
    }

    /** A text. */
    public String text() {
        expect(JsonToken.VALUE_STRING);
        return parser.getString();
    }

    /** A whole number. */
    public long number() {
        expect(JsonToken.VALUE_NUMBER_INT);
        return parser.getLongValue();
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
        if (parser.currentToken() != JsonToken.VALUE_FALSE) {
            expect(JsonToken.VALUE_TRUE);
        }
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** The value as the bytes it is. */
    public Bytes raw() {
        int begin = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        return source.slice(begin, end);
    }

    /** An array, each element read where it begins. */
    public <T> List<T> array(Function<JsonIn, T> element) {
        expect(JsonToken.START_ARRAY);
        List<T> all = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            all.add(element.apply(this));
        }
        return all;
    }

    private void expect(JsonToken token) {
        if (parser.currentToken() != token) {
            throw new IllegalArgumentException("expected " + token + ", found " + parser.currentToken());
        }
    }
}
