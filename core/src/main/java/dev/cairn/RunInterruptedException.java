// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** An execution ended and its run did not; the cause says why. The run can be resumed. */
public final class RunInterruptedException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunInterruptedException(String runId, Throwable cause) {
        super(
                "run " + runId + " was interrupted and can be resumed, after "
                        + cause.getClass().getName(),
                cause);
    }
}
