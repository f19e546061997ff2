// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.state.Names;

/** A key, type or body that no step can have: a fault of the code, which no retry mends. */
final class BadStepArgument extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadStepArgument(String message) {
        super(message);
    }

    /** Checks a name that is asked for inside a workflow. */
    static String check(String what, String name) {
        try {
            return Names.check(what, name);
        } catch (IllegalArgumentException e) {
            throw new BadStepArgument(String.valueOf(e.getMessage()));
        }
    }

    CairnException asRefusal() {
        return new NotPossibleException(String.valueOf(getMessage()));
    }
}
