// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

/** An option or a file cannot be used, and nothing was changed. The message names the value and the way out. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }

    BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
