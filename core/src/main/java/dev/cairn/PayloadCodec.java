// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Writes inputs, values and outputs as JSON and reads them back as the type that was asked for. Typed targets only: what is
 * stored never names a class to make. Safe for use by many threads.
 */
public interface PayloadCodec {
    /**
     * Writes a value as JSON text in UTF-8.
     *
     * @throws dev.cairn.error.CodecException naming the type and the JSON path that cannot be written
     */
    Bytes encode(@Nullable Object value, TypeRef<?> type);

    /**
     * Reads a value.
     *
     * @throws dev.cairn.error.CodecException naming the type and the JSON path that cannot be read
     */
    <T extends @Nullable Object> T decode(Bytes json, TypeRef<T> type);

    /**
     * Finds where two JSON texts differ; the order of members does not matter.
     *
     * @return the JSON path of the first difference, such as {@code $.items[2].price}; empty if there is none
     */
    String difference(Bytes one, Bytes other);
}
