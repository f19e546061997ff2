// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.time.Duration;

/**
 * A lease to extend.
 *
 * @param ttl from now, by the store's clock; whole milliseconds, at least 1
 * @param progress of the run, shown in its head; at most 1,024 UTF-8 bytes
 */
public record Renewal(Lease lease, Duration ttl, String progress) {
    /** Checks the ttl and the progress. */
    public Renewal {
        Acquire.checkTtl(ttl);
        Names.checkText("progress", progress, Names.MAX_PROGRESS_BYTES);
    }
}
