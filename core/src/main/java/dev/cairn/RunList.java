// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param next the token for {@code RunQuery.Builder.after}; empty at the end
 */
public record RunList(List<RunSummary> runs, Optional<String> next) {
    /** Copies the list. */
    public RunList {
        runs = List.copyOf(runs);
    }
}
