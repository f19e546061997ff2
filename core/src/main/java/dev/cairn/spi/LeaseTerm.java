// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * A lease as the head shows it.
 *
 * @param deadline by the store's clock, in milliseconds
 * @param ttl how long it was granted for
 */
public record LeaseTerm(LeaseId id, Instant deadline, Duration ttl) {
    /**
     * Whether it has run out. A deadline further ahead than the lease is long was written before the store's clock went
     * back: it counts as expired (contract CLOCK-01).
     *
     * @param now the store's clock
     */
    public boolean isExpired(Instant now) {
        return !now.isBefore(deadline) || deadline.isAfter(now.plus(ttl));
    }

    /** The time left, never negative. */
    public Duration left(Instant now) {
        return isExpired(now) ? Duration.ZERO : Duration.between(now, deadline);
    }
}
