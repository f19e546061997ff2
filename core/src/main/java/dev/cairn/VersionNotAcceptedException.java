// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;

/** The run was last run by a version of the workflow that this one does not resume; nothing was written. */
public final class VersionNotAcceptedException extends CairnException {
    private static final long serialVersionUID = 1L;

    VersionNotAcceptedException(String message) {
        super(message);
    }
}
