// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CairnException;

/** The answer to one entry of an append. */
public sealed interface Appended {
    /** It stands at its place, durably, written now. */
    record Written() implements Appended {}

    /**
     * The place is taken. If what stands there equals the entry that was sent, that is an acknowledgement, as durable as the
     * first would have been (contract STEP-02).
     *
     * @param entry that stands there
     */
    record Taken(Entry entry) implements Appended {}

    /**
     * Nothing was written, because the lease may not write there any more: superseded, ended, run out where the store
     * compares that, or its incarnation is gone.
     */
    record Fenced() implements Appended {}

    /**
     * It was not written, or it is not known whether it was; the other entries of the list are not concerned.
     *
     * @param cause {@code OutcomeUnknownException}, {@code StoreUnavailableException} or {@code PayloadTooLargeException}
     */
    record Failed(CairnException cause) implements Appended {}
}
