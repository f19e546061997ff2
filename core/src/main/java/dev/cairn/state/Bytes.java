// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Checksum;

/** An immutable sequence of bytes. It never shows its content in {@link #toString()}. Safe for use by several threads. */
public final class Bytes {
    private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int from;
    private final int size;

    private Bytes(byte[] array, int from, int size) {
        this.array = array;
        this.from = from;
        this.size = size;
    }

    /** The bytes of an array, copied: what the caller does with it later changes nothing (contract RT-08). */
    public static Bytes copyOf(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array.clone(), 0, array.length);
    }

    /** The bytes of an array that the caller hands over and never changes again. */
    public static Bytes adopt(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes utf8(String text) {
        return adopt(text.getBytes(StandardCharsets.UTF_8));
    }

    /** No bytes. */
    public static Bytes empty() {
        return EMPTY;
    }

    /** Part of these bytes, without a copy. */
    public Bytes slice(int begin, int end) {
        if (begin < 0 || end < begin || end > size) {
            throw new IllegalArgumentException("slice " + begin + " to " + end + " of " + size + " bytes");
        }
        return new Bytes(array, from + begin, end - begin);
    }

    /** The number of bytes. */
    public int size() {
        return size;
    }

    /** A copy that belongs to the caller. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, from, from + size);
    }

    /** Copies all of them into an array, from an index on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, from, target, at, size);
    }

    /** Adds them to a checksum. */
    public void addTo(Checksum checksum) {
        checksum.update(array, from, size);
    }

    /** A read-only view. */
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(array, from, size).slice().asReadOnlyBuffer();
    }

    /** The text of which these are the UTF-8 bytes. */
    public String asUtf8() {
        return new String(array, from, size, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, from, from + size, that.array, that.from, that.from + that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < from + size; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Bytes[" + size + "]";
    }
}
