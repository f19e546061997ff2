// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CairnException;
import java.time.Duration;

/** The answer to one renewal. */
public sealed interface Renewed {
    /**
     * The lease stands and its deadline is the store's now plus its ttl.
     *
     * @param timeLeft the ttl
     */
    record Held(Duration timeLeft) implements Renewed {}

    /** The lease does not stand any more; nothing changed. */
    record Lost() implements Renewed {}

    /**
     * It was not extended, or it is not known whether it was; the other leases of the list are not concerned.
     *
     * @param cause {@code OutcomeUnknownException} or {@code StoreUnavailableException}
     */
    record Failed(CairnException cause) implements Renewed {}
}
