// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that Cairn throws on purpose, but for the caller's mistakes, which are
 * {@link IllegalArgumentException} and {@link IllegalStateException}.
 */
public abstract class CairnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public CairnException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public CairnException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
