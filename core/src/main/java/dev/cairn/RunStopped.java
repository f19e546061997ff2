// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * Ends an execution from inside {@code step}. An {@code Error}, so that {@code catch (Exception e)} of the workflow does not
 * catch it and no clean-up runs in a worker that was superseded. {@code cairn.run} translates it; workflow code neither
 * throws nor catches it.
 */
public final class RunStopped extends Error {
    private static final long serialVersionUID = 1L;

    private final StopReason reason;

    RunStopped(StopReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    StopReason reason() {
        return reason;
    }
}
