// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.state.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON object, members in the order they are given: the canonical form of what is stored. */
public final class JsonOut {
    // What was written must be readable again: the codec has its own limits, and these may not be narrower.
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonGenerator generator;

    private JsonOut(JsonGenerator generator) {
        this.generator = generator;
    }

    /** Writes an object. */
    public static Bytes object(Consumer<JsonOut> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            members.accept(new JsonOut(generator));
            generator.writeEndObject();
        }
        return Bytes.adopt(out.toByteArray());
    }

    /** A text. */
    public JsonOut text(String name, String value) {
        generator.writeName(name);
        writeText(value);
        return this;
    }

    /** A whole number. */
    public JsonOut number(String name, long value) {
        generator.writeNumberProperty(name, value);
        return this;
    }

    /** A mark that is left out where it does not hold. */
    public JsonOut mark(String name, boolean holds) {
        if (holds) {
            generator.writeBooleanProperty(name, true);
        }
        return this;
    }

    /** JSON that is already written. */
    public JsonOut raw(String name, Bytes json) {
        generator.writeName(name);
        generator.writeRawValue(new RawJson(json));
        return this;
    }

    /** An object. */
    public JsonOut object(String name, Consumer<JsonOut> members) {
        generator.writeName(name);
        generator.writeStartObject();
        members.accept(this);
        generator.writeEndObject();
        return this;
    }

    /** An array of objects. */
    public <T> JsonOut objects(String name, Iterable<T> items, BiConsumer<JsonOut, T> members) {
        generator.writeName(name);
        generator.writeStartArray();
        for (T item : items) {
            generator.writeStartObject();
            members.accept(this, item);
            generator.writeEndObject();
        }
        generator.writeEndArray();
        return this;
    }

    /** An array of texts. */
    public JsonOut texts(String name, Iterable<String> items) {
        generator.writeName(name);
        generator.writeStartArray();
        items.forEach(this::writeText);
        generator.writeEndArray();
        return this;
    }

    /** A lone surrogate has no UTF-8 form, but JSON can escape it, and a failure's message must not be lost for it. */
    private void writeText(String value) {
        if (!hasLoneSurrogate(value)) {
            generator.writeString(value);
            return;
        }
        StringBuilder quoted = new StringBuilder(value.length() + 16);
        JsonStringEncoder.getInstance().quoteAsString(value, quoted);
        StringBuilder escaped = new StringBuilder(quoted.length() + 16).append('"');
        quoted.codePoints().forEach(c -> {
            if (isLoneSurrogate(c)) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        generator.writeRawValue(escaped.append('"').toString());
    }

    private static boolean hasLoneSurrogate(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i)) && isLoneSurrogate(value.codePointAt(i++))) {
                return true;
            }
        }
        return false;
    }

    /** A pair is one code point above these. */
    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
