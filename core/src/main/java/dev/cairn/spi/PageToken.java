// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Where a listing goes on: behind a run, by creation and id. As text it belongs to one namespace and one query and says so
 * when it is damaged (contract LIST-04).
 *
 * @param created of the last run of the page
 * @param runId of it
 */
public record PageToken(Instant created, String runId) {
    /** The token as text. */
    public String encode(String namespace, RunQuery query) {
        byte[] id = runId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(4 + 8 + id.length + 4);
        out.putInt(digest(namespace, query)).putLong(created.toEpochMilli()).put(id);
        out.putInt(crc(out.array(), out.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if it is damaged, or of another namespace or query
     */
    public static PageToken decode(String token, String namespace, RunQuery query) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            int digest = in.getInt();
            Instant created = Instant.ofEpochMilli(in.getLong());
            byte[] id = new byte[in.remaining() - 4];
            in.get(id);
            if (in.getInt() != crc(in.array(), in.capacity() - 4)) {
                throw invalid(token, null);
            }
            if (digest != digest(namespace, query)) {
                throw new IllegalArgumentException(
                        "page token " + token
                                + " belongs to another namespace or query; use it with the query that gave it, or begin without one");
            }
            return new PageToken(created, new String(id, StandardCharsets.UTF_8));
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw invalid(token, e);
        } catch (IllegalArgumentException e) {
            throw e.getMessage() != null && e.getMessage().startsWith("page token") ? e : invalid(token, e);
        }
    }

    private static IllegalArgumentException invalid(String token, @org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException("page token \"" + token + "\" is damaged; begin without one", cause);
    }

    private static int digest(String namespace, RunQuery query) {
        byte[] bytes = (namespace + '\u001f' + query.fingerprint()).getBytes(StandardCharsets.UTF_8);
        return crc(bytes, bytes.length);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
