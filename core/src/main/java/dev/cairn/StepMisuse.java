// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** A step was asked for where none may be: a fault of the code, which no retry mends. */
final class StepMisuse extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    StepMisuse(String message) {
        super(message);
    }

    CairnException asRefusal() {
        return new NotPossibleException(String.valueOf(getMessage()));
    }
}
