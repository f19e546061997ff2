// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * What is stored is not what was written, or an entry before a counting one is missing (contract STEP-09, BAD-03);
 * nothing after it is returned, run or repaired.
 */
public final class CorruptException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public CorruptException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public CorruptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
