// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CodecException;
import dev.cairn.internal.PlainText;
import dev.cairn.state.Bytes;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/** The default codec: Jackson 3, typed targets only, no polymorphic typing. A field that is new in today's type may be missing. */
public final class JacksonPayloadCodec implements PayloadCodec {
    // Of its own: two numbers that differ in their last digit differ.
    private static final JsonMapper TREES = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int LONGEST_PATH = 20;

    private final JsonMapper mapper;
    private final boolean isOwn;
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();
    private final Map<Type, ObjectWriter> writers = new ConcurrentHashMap<>();

    /** With Jackson's defaults, but that offsets and zones of times are kept and new primitive fields may be missing. */
    public JacksonPayloadCodec() {
        this(
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        // A primitive field that is new may be missing too; a null that is written is found by the
                        // round trip.
                        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        // Offsets and zones come back as they were.
                        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                        .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                        .build(),
                true);
    }

    /**
     * With the team's own mapper, as it is configured now.
     *
     * @throws IllegalArgumentException if it has default typing on: what is stored must not name classes to make
     */
    public JacksonPayloadCodec(JsonMapper mapper) {
        this(mapper, false);
    }

    private JacksonPayloadCodec(JsonMapper mapper, boolean isOwn) {
        if (mapper.serializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw new IllegalArgumentException(
                    "the mapper has default typing on, which lets stored data name classes to make; give one without it");
        }
        this.mapper = mapper;
        this.isOwn = isOwn;
    }

    @Override
    public Bytes encode(@Nullable Object value, TypeRef<?> type) {
        if (isText(type) && value instanceof String text) {
            Bytes plain = PlainText.json(text);
            if (plain != null) {
                return plain;
            }
        }
        try {
            return Bytes.adopt(writers.computeIfAbsent(type.type(), t -> mapper.writerFor(mapper.constructType(t)))
                    .writeValueAsBytes(value));
        } catch (JacksonException e) {
            throw fault(type, e);
        }
    }

    /** Whether it is a text for this codec's own mapper, which writes it as it is; a team's own may do otherwise. */
    private boolean isText(TypeRef<?> type) {
        return isOwn && type.type() == String.class;
    }

    @Override
    @SuppressWarnings("unchecked") // the type is that of a text
    public <T extends @Nullable Object> T decode(Bytes json, TypeRef<T> type) {
        if (isText(type)) {
            String plain = PlainText.text(json);
            if (plain != null) {
                return (T) plain;
            }
        }
        try {
            return readers.computeIfAbsent(type.type(), t -> mapper.readerFor(mapper.constructType(t)))
                    .readValue(json.toArray());
        } catch (JacksonException e) {
            throw fault(type, e);
        }
    }

    private static CodecException fault(TypeRef<?> type, JacksonException e) {
        // Jackson's messages quote values, but not where the type itself is the fault.
        String why = e instanceof InvalidDefinitionException
                ? e.getOriginalMessage()
                : e.getClass().getSimpleName();
        return new CodecException("type " + type + ", at " + path(e) + ": " + why, new Unquoted(e));
    }

    /** Which exception it was, and where; without its message (contract BAD-04). */
    private static final class Unquoted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Unquoted(Throwable e) {
            super(
                    e.getClass().getName(),
                    e.getCause() == null || e.getCause() == e ? null : new Unquoted(e.getCause()),
                    false,
                    true);
            setStackTrace(e.getStackTrace());
        }
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder("$");
        e.getPath().stream().limit(LONGEST_PATH).forEach(step -> {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append('.').append(step.getPropertyName());
            }
        });
        return e.getPath().size() > LONGEST_PATH ? path.append("…").toString() : path.toString();
    }

    @Override
    public String difference(Bytes one, Bytes other) {
        return difference("$", TREES.readTree(one.toArray()), TREES.readTree(other.toArray()));
    }

    private static String difference(String path, JsonNode one, JsonNode other) {
        if (one.isObject() && other.isObject()) {
            for (Map.Entry<String, JsonNode> member : one.properties()) {
                JsonNode there = other.get(member.getKey());
                String found = there == null
                        ? path + "." + member.getKey()
                        : difference(path + "." + member.getKey(), member.getValue(), there);
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return other.properties().stream()
                    .filter(member -> one.get(member.getKey()) == null)
                    .map(member -> path + "." + member.getKey())
                    .findFirst()
                    .orElse("");
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            Iterator<JsonNode> others = other.iterator();
            int index = 0;
            for (JsonNode element : one) {
                String found = difference(path + "[" + index++ + "]", element, others.next());
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return "";
        }
        return Objects.equals(one, other) ? "" : path;
    }
}
