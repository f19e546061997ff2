// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A page of a run: entries in order of place, and, once there are no more of them, messages in order of receipt.
 *
 * @param head read before the entries, or in one snapshot with them
 * @param storeTime the store's clock, in milliseconds
 * @param next where the next page begins; empty if this was the last
 */
public record Page(
        Head head, Instant storeTime, List<Entry> entries, List<Received> messages, Optional<Cursor.After> next) {
    /** Copies the lists. */
    public Page {
        entries = List.copyOf(entries);
        messages = List.copyOf(messages);
    }
}
