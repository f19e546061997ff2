// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Duration;

/**
 * A lease, and what it hands over.
 *
 * @param timeLeft by the store's clock; less than the ttl where the same acquire was repeated
 * @param page the head after the grant and the journal from place 0; further pages are read. The journal runs without a
 *     gap to the lease's own grant (contract LEASE-16)
 */
public record Granted(Lease lease, Duration timeLeft, Page page) implements Acquired {}
