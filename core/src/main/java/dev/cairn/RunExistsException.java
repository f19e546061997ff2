// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run exists and was not to be replaced; it is unchanged. */
public final class RunExistsException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunExistsException(String message) {
        super(message);
    }
}
