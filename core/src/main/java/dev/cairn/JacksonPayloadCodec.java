// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CodecException;
import dev.cairn.state.Bytes;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The default codec: Jackson 3, typed targets only, no polymorphic typing. A field that is new in today's type may be missing. */
public final class JacksonPayloadCodec implements PayloadCodec {
    private final JsonMapper mapper;

    /** With Jackson's defaults. */
    public JacksonPayloadCodec() {
        this(JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build());
    }

    /**
     * With the team's own mapper, as it is configured now.
     *
     * @throws IllegalArgumentException if it has default typing on: what is stored must not name classes to make
     */
    public JacksonPayloadCodec(JsonMapper mapper) {
        if (mapper.serializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw new IllegalArgumentException(
                    "the mapper has default typing on, which lets stored data name classes to make; give one without it");
        }
        this.mapper = mapper;
    }

    @Override
    public Bytes encode(@Nullable Object value, TypeRef<?> type) {
        try {
            return Bytes.adopt(mapper.writerFor(javaType(type)).writeValueAsBytes(value));
        } catch (JacksonException e) {
            throw new CodecException(
                    "type " + type + ", at " + path(e) + ": " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public <T extends @Nullable Object> T decode(Bytes json, TypeRef<T> type) {
        try {
            return mapper.readValue(json.toArray(), javaType(type));
        } catch (JacksonException e) {
            // Jackson's own message quotes the text around the fault; it stays in the cause.
            throw new CodecException(
                    "type " + type + ", at " + path(e) + ": " + e.getClass().getSimpleName(), e);
        }
    }

    private JavaType javaType(TypeRef<?> type) {
        return mapper.constructType(type.type());
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder("$");
        if (e instanceof DatabindException) {
            e.getPath().forEach(step -> {
                if (step.getPropertyName() == null) {
                    path.append('[').append(step.getIndex()).append(']');
                } else {
                    path.append('.').append(step.getPropertyName());
                }
            });
        }
        return path.toString();
    }

    @Override
    public String difference(Bytes one, Bytes other) {
        return difference("$", mapper.readTree(one.toArray()), mapper.readTree(other.toArray()));
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
