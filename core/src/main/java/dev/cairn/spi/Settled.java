// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.Optional;

/** The answer to a settle. */
public sealed interface Settled {
    /**
     * Done, now or when the same commit was sent before.
     *
     * @param head after it
     */
    record Done(Head head) implements Settled {}

    /**
     * The entry's place is taken by another entry; nothing was written.
     *
     * @param entry that stands there
     */
    record Taken(Entry entry) implements Settled {}

    /**
     * The lease does not stand any more; nothing was written. A settle without an entry that is repeated after it was done
     * answers this too: the head tells which.
     *
     * @param head as it stands; empty if there is none
     */
    record Lost(Optional<Head> head) implements Settled {}

    /**
     * The number of signals is another than the one seen; nothing was written.
     *
     * @param head as it stands
     */
    record Signalled(Head head) implements Settled {}
}
