// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The right to write is gone: a newer lease stands, or the run was ended, deleted or replaced. Nothing of what was sent
 * counts.
 */
public final class LeaseLostException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public LeaseLostException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public LeaseLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
