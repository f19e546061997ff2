// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * A record was written in a format that this version does not know (contract SCHEMA-06); it is left as it is.
 */
public final class UnknownFormatException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public UnknownFormatException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public UnknownFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
