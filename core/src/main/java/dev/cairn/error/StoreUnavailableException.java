// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or refused before it did anything: the store is unchanged, try later.
 */
public final class StoreUnavailableException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public StoreUnavailableException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
