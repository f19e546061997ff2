// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.state.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import tools.jackson.core.SerializableString;

/** JSON that goes into other JSON as the bytes it is. */
final class RawJson implements SerializableString {
    private final Bytes json;

    RawJson(Bytes json) {
        this.json = json;
    }

    @Override
    public String getValue() {
        return json.asUtf8();
    }

    @Override
    public int charLength() {
        return json.asUtf8().length();
    }

    @Override
    public char[] asQuotedChars() {
        return json.asUtf8().toCharArray();
    }

    @Override
    public byte[] asUnquotedUTF8() {
        return json.toArray();
    }

    @Override
    public byte[] asQuotedUTF8() {
        return json.toArray();
    }

    @Override
    public int appendQuotedUTF8(byte[] buffer, int offset) {
        return appendUnquotedUTF8(buffer, offset);
    }

    @Override
    public int appendQuoted(char[] buffer, int offset) {
        return appendUnquoted(buffer, offset);
    }

    @Override
    public int appendUnquotedUTF8(byte[] buffer, int offset) {
        if (json.size() > buffer.length - offset) {
            return -1;
        }
        json.asBuffer().get(buffer, offset, json.size());
        return json.size();
    }

    @Override
    public int appendUnquoted(char[] buffer, int offset) {
        String text = json.asUtf8();
        if (text.length() > buffer.length - offset) {
            return -1;
        }
        text.getChars(0, text.length(), buffer, offset);
        return text.length();
    }

    @Override
    public int writeQuotedUTF8(OutputStream out) throws IOException {
        return writeUnquotedUTF8(out);
    }

    @Override
    public int writeUnquotedUTF8(OutputStream out) throws IOException {
        out.write(json.toArray());
        return json.size();
    }

    @Override
    public int putQuotedUTF8(ByteBuffer buffer) {
        return putUnquotedUTF8(buffer);
    }

    @Override
    public int putUnquotedUTF8(ByteBuffer out) {
        if (json.size() > out.remaining()) {
            return -1;
        }
        out.put(json.asBuffer());
        return json.size();
    }
}
