// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run ended too many attempts without progress; it waits for a person. Resume it once the cause is mended. */
public final class RunBlockedException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunBlockedException(String message) {
        super(message);
    }
}
