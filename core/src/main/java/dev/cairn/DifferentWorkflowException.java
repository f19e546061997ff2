// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run belongs to another workflow; nothing was run or written. */
public final class DifferentWorkflowException extends CairnException {
    private static final long serialVersionUID = 1L;

    DifferentWorkflowException(String message) {
        super(message);
    }
}
