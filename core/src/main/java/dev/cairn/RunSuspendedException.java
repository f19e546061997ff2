// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import java.util.Set;

/** The run waits for a signal or a deadline; it goes on by itself. */
public final class RunSuspendedException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunSuspendedException(String runId, Set<String> awaits) {
        super("run " + runId + " waits" + (awaits.isEmpty() ? "" : " for " + awaits));
    }
}
