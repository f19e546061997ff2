// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import java.time.Duration;

/**
 * Asks for the lease of a run. Safe to repeat: the same lease id gets the same grant while that lease stands (LEASE-14).
 *
 * @param leaseId drawn by the caller, never used before for this run
 * @param ttl whole milliseconds, at least 1
 * @param grant the body of the grant over an existing run; a new run brings its own
 */
public record Acquire(String runId, LeaseId leaseId, Duration ttl, Target target, Bytes grant) {
    /** Checks the run id and the ttl. */
    public Acquire {
        Names.check("run id", runId);
        checkTtl(ttl);
    }

    /** Which run to take. */
    public sealed interface Target {}

    /** The run must be absent, or deleted; it is created. */
    public record Create(NewRun run) implements Target {}

    /** The run must exist and meet the condition. */
    public record Take(Condition condition) implements Target {}

    /** The run is created if it is absent, else it must meet the condition. */
    public record CreateOrTake(NewRun run, Condition condition) implements Target {}

    static void checkTtl(Duration ttl) {
        boolean inRange = ttl.compareTo(Duration.ofMillis(1)) >= 0 && ttl.compareTo(Duration.ofDays(365)) <= 0;
        if (!inRange || !ttl.equals(Duration.ofMillis(ttl.toMillis()))) {
            throw new IllegalArgumentException("a lease lasts 1 ms to 365 days in whole milliseconds, was " + ttl);
        }
    }
}
