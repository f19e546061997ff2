// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;

/**
 * Asks for a page of a run.
 *
 * @param maxBytes 1 or more, of bodies and payloads; a page holds at least one entry or message, however large
 */
public record Read(String runId, Cursor from, int maxBytes) {
    /** Checks the run id and the size. */
    public Read {
        Names.check("run id", runId);
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a page has at least 1 byte, was " + maxBytes);
        }
    }
}
