// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run was cancelled. */
public final class RunCancelledException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunCancelledException(String message) {
        super(message);
    }
}
