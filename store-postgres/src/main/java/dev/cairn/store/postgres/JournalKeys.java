// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The key of a journal: 16 bytes instead of namespace, run and incarnation, which would make up a third of an entry and of
 * the time to write it. Its first 8 bytes are the incarnation's, the others of a SHA-256 over all three, so that one
 * incarnation named in two runs or namespaces has two journals. Thread-safe.
 */
final class JournalKeys {
    /** The same in SQL, of a row {@code $1} that has the three as columns. */
    static final String SQL =
            "encode(substring(uuid_send($1.incarnation) for 8) || substring(sha256(uuid_send($1.incarnation)"
                    + " || sha256(convert_to($1.namespace, 'UTF8')) || convert_to($1.run_id, 'UTF8')) for 8), 'hex')::uuid";

    private final byte[] namespace;
    private volatile @Nullable Known last;

    JournalKeys(String namespace) {
        this.namespace = sha256(namespace.getBytes(StandardCharsets.UTF_8));
    }

    private record Known(Lease lease, UUID key) {}

    /** Of the journal that is written under this lease. A run writes many times under one: the last answer is kept. */
    UUID key(Lease lease) {
        Known known = last;
        if (known == null || !known.lease().equals(lease)) {
            known = new Known(lease, key(lease.runId(), lease.incarnation()));
            last = known;
        }
        return known.key();
    }

    /** Of the journal of a run's incarnation. */
    UUID key(String runId, Incarnation incarnation) {
        byte[] run = runId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(16 + namespace.length + run.length);
        all.putLong(incarnation.id().getMostSignificantBits())
                .putLong(incarnation.id().getLeastSignificantBits())
                .put(namespace)
                .put(run);
        return new UUID(
                incarnation.id().getMostSignificantBits(),
                ByteBuffer.wrap(sha256(all.array())).getLong());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
