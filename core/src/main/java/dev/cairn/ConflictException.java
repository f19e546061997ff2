// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run is not at the revision that was expected, or got a signal since; it is unchanged. */
public final class ConflictException extends CairnException {
    private static final long serialVersionUID = 1L;

    ConflictException(String message) {
        super(message);
    }
}
