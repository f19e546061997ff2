// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** What a PostgreSQL client sends. The content of a message is filled with bytes that look like statements. */
final class Frontend {
    private static final int PROTOCOL_3 = 3 << 16;
    private static final int ENCRYPTION = 80_877_103;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Frontend encryption() {
        out.writeBytes(ByteBuffer.allocate(8).putInt(8).putInt(ENCRYPTION).array());
        return this;
    }

    Frontend start() {
        byte[] rest = "user\0postgres\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        out.writeBytes(ByteBuffer.allocate(8 + rest.length)
                .putInt(8 + rest.length)
                .putInt(PROTOCOL_3)
                .put(rest)
                .array());
        return this;
    }

    Frontend message(char type, int content) {
        ByteBuffer message =
                ByteBuffer.allocate(1 + 4 + content).put((byte) type).putInt(4 + content);
        while (message.hasRemaining()) {
            message.put((byte) 'E');
        }
        out.writeBytes(message.array());
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
