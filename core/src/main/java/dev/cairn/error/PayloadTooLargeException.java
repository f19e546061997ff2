// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * A payload or an entry is over the store's limit; nothing was written (contract BIG-02).
 */
public final class PayloadTooLargeException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public PayloadTooLargeException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public PayloadTooLargeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
