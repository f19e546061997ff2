// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The code asks for other steps than the record holds. The record is left as it was; the message shows both sides. */
public final class DivergedException extends CairnException {
    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
