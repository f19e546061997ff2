// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** An option cannot be used, and nothing was started. The message names the value, the limit and the way out. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }

    BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
