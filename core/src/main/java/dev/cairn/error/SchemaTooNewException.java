// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The storage asks for a newer reader than this one; nothing was written (contract SCHEMA-05).
 */
public final class SchemaTooNewException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public SchemaTooNewException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public SchemaTooNewException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
