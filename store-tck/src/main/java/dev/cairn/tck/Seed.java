// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;

/** The one seed of a run of the kit, from which each clause's derives: it fixes sizes, orders, the runs' ids and the
 * moments of kills; the names of storages and namespaces are always new. */
record Seed(long value) {
    private static final String PROPERTY = "tck.seed";

    /** The one that was given, else a new one. */
    static Seed givenOrDrawn() {
        String given = System.getProperty(PROPERTY);
        return given == null ? new Seed(new SecureRandom().nextLong() >>> 16) : new Seed(Long.decode(given));
    }

    /** The numbers of a clause: SHA-256 of this seed and its id. */
    Random of(String clauseId) {
        byte[] text = (this + "/" + clauseId).getBytes(StandardCharsets.UTF_8);
        byte[] hash = HexFormat.of().parseHex(ClauseList.sha256(text));
        return new Random(ByteBuffer.wrap(hash).getLong());
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
