// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run is in a status that does not allow this; it is unchanged. */
public final class NotPossibleException extends CairnException {
    private static final long serialVersionUID = 1L;

    NotPossibleException(String message) {
        super(message);
    }
}
