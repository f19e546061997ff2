// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CodecException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.state.Bytes;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values on their way to the record and back: what cannot make the round trip is refused before it is written (guarantee G6). */
record Payloads(PayloadCodec codec, int limit) {
    /** A value as it is recorded, and as it comes back from there. */
    record Recorded<T extends @Nullable Object>(Bytes json, T value) {}

    /**
     * Writes a value and reads it back.
     *
     * @param what it is, asked for only where a message is written: "the value of step charge of run order-1"
     * @throws CodecException naming the type and the JSON path
     * @throws PayloadTooLargeException naming the size and the limit
     */
    <T extends @Nullable Object> Recorded<T> roundTrip(Supplier<String> what, T value, TypeRef<T> type) {
        Bytes json = encode(what, value, type);
        if (json.size() > limit) {
            throw new PayloadTooLargeException(
                    what.get() + " has " + json.size() + " bytes as JSON, the limit is " + limit
                            + "; return a reference to it, such as an id or a file name, or raise the store's payload limit");
        }
        T back = decode(what, json, type);
        if (!Objects.equals(value, back)) {
            String path = Untyped.difference(value, back, type);
            if (path.isEmpty()) {
                path = codec.difference(json, encode(what, back, type));
            }
            if (!path.isEmpty()) {
                throw new CodecException(what.get() + ", of type " + type
                        + ", changes when it is written as JSON and read back: at " + path
                        + " it differs. Give the type a constructor or annotations that keep it, or, where it is generic,"
                        + " a TypeRef that names its type arguments");
            }
        }
        return new Recorded<>(json, back);
    }

    /** Reads a recorded value. */
    <T extends @Nullable Object> T decode(Supplier<String> what, Bytes json, TypeRef<T> type) {
        try {
            return codec.decode(json, type);
        } catch (CodecException e) {
            throw new CodecException(what.get() + " cannot be read back: " + e.getMessage(), e);
        }
    }

    private Bytes encode(Supplier<String> what, @Nullable Object value, TypeRef<?> type) {
        try {
            return codec.encode(value, type);
        } catch (CodecException e) {
            throw new CodecException(what.get() + " cannot be written: " + e.getMessage(), e);
        }
    }
}
