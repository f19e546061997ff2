// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.time.Instant;

/** Something to remove from the storage, if it is still as expected. Safe to repeat. */
public sealed interface Erase {
    /** The run. */
    String runId();

    /**
     * The journal and inbox of an incarnation that is not the run any more, but for its fences. Only who has just made the
     * run gone, or switched it to another incarnation, may ask for it (protocol R8); the run itself is kept.
     */
    record Leftover(String runId, Incarnation incarnation) implements Erase {
        /** Checks the run id. */
        public Leftover {
            Names.check("run id", runId);
        }
    }

    /**
     * An ended run: its head becomes gone, its journal and inbox go, but for the fences.
     *
     * @param token and {@code changed} as they were listed: whoever acquired or settled it since keeps it (RET-05)
     */
    record Ended(String runId, Incarnation incarnation, long token, Instant changed) implements Erase {
        /** Checks the run id. */
        public Ended {
            Names.check("run id", runId);
        }
    }

    /**
     * The fences of what is gone or was left behind for longer than the store's fence time: of the incarnations a head
     * names, and, if the head itself is gone for so long, the head too.
     *
     * @param token and {@code changed} as they were listed
     */
    record Fences(String runId, Incarnation incarnation, long token, Instant changed) implements Erase {
        /** Checks the run id. */
        public Fences {
            Names.check("run id", runId);
        }
    }
}
