// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The store does not have the ability that was asked for (contract CAP-02); nothing changed.
 */
public final class UnsupportedCapabilityException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public UnsupportedCapabilityException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public UnsupportedCapabilityException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
