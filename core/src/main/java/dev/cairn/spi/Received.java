// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.util.Comparator;

/**
 * A message in an inbox.
 *
 * @param order the number of signals the run had before it; ties stand in order of their ids, by UTF-8 bytes
 */
public record Received(Message message, long order) {
    /** The order of receipt. */
    public static final Comparator<Received> IN_ORDER = Comparator.comparingLong(Received::order)
            .thenComparing(received -> received.message().id(), Names.BY_UTF_8);
}
