// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run exists with another input; nothing was run or written. Use another run id, or the input it began with. */
public final class DifferentInputException extends CairnException {
    private static final long serialVersionUID = 1L;

    DifferentInputException(String message) {
        super(message);
    }
}
