// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.Arrays;

/** A map from longs to longs without boxes: an exploration holds millions. */
final class LongMap {
    /** What no value is. */
    static final long NONE = Long.MIN_VALUE;

    private long[] keys = new long[1 << 12];
    private long[] values = new long[1 << 12];
    private int size;

    LongMap() {
        Arrays.fill(values, NONE);
    }

    long get(long key) {
        return values[slot(keys, values, key)];
    }

    void put(long key, long value) {
        if (size * 2 > keys.length) {
            grow();
        }
        int slot = slot(keys, values, key);
        size += values[slot] == NONE ? 1 : 0;
        keys[slot] = key;
        values[slot] = value;
    }

    int size() {
        return size;
    }

    private void grow() {
        long[] moreKeys = new long[keys.length * 2];
        long[] moreValues = new long[keys.length * 2];
        Arrays.fill(moreValues, NONE);
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != NONE) {
                int slot = slot(moreKeys, moreValues, keys[i]);
                moreKeys[slot] = keys[i];
                moreValues[slot] = values[i];
            }
        }
        keys = moreKeys;
        values = moreValues;
    }

    private static int slot(long[] keys, long[] values, long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & (keys.length - 1);
        while (values[slot] != NONE && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
