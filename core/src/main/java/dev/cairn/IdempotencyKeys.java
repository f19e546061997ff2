// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** Idempotency keys: derived from the scope that a run carries through its life, the step's key and its round. */
final class IdempotencyKeys {
    private static final int BYTES = 16;

    private IdempotencyKeys() {}

    /** The scope of a new run: random, so that the same id in another namespace, or created anew, has other keys. */
    static String newScope() {
        return UUID.randomUUID().toString();
    }

    static String of(String scope, String key, int round) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha.digest((scope + '\n' + round + '\n' + key).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
