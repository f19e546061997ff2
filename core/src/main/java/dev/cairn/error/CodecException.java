// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * A value cannot be written as JSON or read back as the type that was asked for; nothing was recorded. Trying again does
 * not help.
 */
public final class CodecException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public CodecException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
