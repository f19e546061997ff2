// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** The answer to a signal. */
public enum Signalled {
    /** It is in the inbox, now or since it was sent before, and the run is due if it waits for it. */
    STORED,
    /** No such run; nothing was written. */
    ABSENT,
    /** The run is being imported or restored; nothing was written. */
    ARRIVING,
    /** The run has ended; nothing was written. */
    ENDED
}
