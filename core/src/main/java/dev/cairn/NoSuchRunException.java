// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** There is no such run; nothing was written. */
public final class NoSuchRunException extends CairnException {
    private static final long serialVersionUID = 1L;

    NoSuchRunException(String message) {
        super(message);
    }
}
