// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.Names;

/**
 * A signal to a run.
 *
 * @param id delivered once per incarnation
 * @param name what the run waits for
 */
public record Message(String id, String name, Bytes payload) {
    /** Checks the id and the name. */
    public Message {
        Names.check("signal id", id);
        Names.check("signal name", name);
    }
}
