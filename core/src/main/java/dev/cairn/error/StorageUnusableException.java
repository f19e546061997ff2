// SPDX-License-Identifier: Apache-2.0
package dev.cairn.error;

import org.jspecify.annotations.Nullable;

/**
 * The storage cannot be used as it is: not a database, read-only, in a folder that does not exist, or weaker than what
 * was asked for. Trying again does not help; the message names the way out. Nothing was written.
 */
public final class StorageUnusableException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** Says what happened, to which run and step; never a payload or a credential. */
    public StorageUnusableException(String message) {
        super(message);
    }

    /** Says what happened and keeps what caused it, such as the driver's exception. */
    public StorageUnusableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
