// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The store, or the Cairn that owns it, was closed before the call; nothing was sent (contract LIFE-02).
 */
public final class StoreClosedException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public StoreClosedException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public StoreClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
