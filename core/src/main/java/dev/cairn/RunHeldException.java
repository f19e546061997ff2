// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** Somebody else holds the run and did not finish within the patience; nothing was run. Try again later. */
public final class RunHeldException extends CairnException {
    private static final long serialVersionUID = 1L;

    RunHeldException(String message) {
        super(message);
    }
}
