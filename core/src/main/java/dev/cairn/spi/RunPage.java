// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A page of runs. May be short, also where more follow.
 *
 * @param next the token of the next page; empty at the end
 * @param storeTime the store's clock, in milliseconds
 */
public record RunPage(List<Head> runs, Optional<String> next, Instant storeTime) {
    /** Copies the list. */
    public RunPage {
        runs = List.copyOf(runs);
    }
}
