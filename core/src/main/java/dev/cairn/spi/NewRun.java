// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;

/**
 * A run to create.
 *
 * @param incarnation drawn by the caller; refused if the head carries or names it already (protocol R5)
 * @param arrival {@code READY}, or {@code ARRIVING} for an import: nobody claims it until a settle flips it
 * @param grant the body of entry 0, which carries the input
 * @param sourceToken of the grant under which the source of a move is held, else 0; tokens go on above it
 */
public record NewRun(
        String workflow,
        int version,
        Incarnation incarnation,
        Labels labels,
        RunStatus arrival,
        Bytes grant,
        long sourceToken) {
    /** Checks the name, the version and the status. */
    public NewRun {
        Names.check("workflow name", workflow);
        if (version < 1) {
            throw new IllegalArgumentException("workflow version must be at least 1, was " + version);
        }
        if (sourceToken < 0) {
            throw new IllegalArgumentException("a source's token must be at least 0, was " + sourceToken);
        }
        if (arrival != RunStatus.READY && arrival != RunStatus.ARRIVING) {
            throw new IllegalArgumentException("a new run is READY or ARRIVING, was " + arrival);
        }
    }
}
