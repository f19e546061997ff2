// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** A key was asked for twice in one execution; nothing was written. Add a part to it that tells the rounds apart. */
public final class DuplicateKeyException extends CairnException {
    private static final long serialVersionUID = 1L;

    DuplicateKeyException(String message) {
        super(message);
    }
}
